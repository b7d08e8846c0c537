/**
 * The segments of a path as sent, each decoded by itself: an ARN in a path is one segment, whatever of it is encoded. Null
 * where an escape is broken or a text cannot be stored.
 */
import { isStorable } from './query.ts';

export function segmentsOf(path: string): readonly string[] | null {
  try {
    const segments = partsOf(path);
    if (/^[\w./-]*$/.test(path)) return segments;
    const decoded = segments.map((segment) => decodeURIComponent(segment));
    return decoded.every(isStorable) ? decoded : null;
  } catch {
    return null;
  }
}

/** Between slashes, empty ones left out. */
export function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

/** The names in a pattern's parts with their segments, or null where the path does not fit it. */
export function namesIn(parts: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> | null {
  if (parts.length !== segments.length) return null;
  for (const [index, part] of parts.entries()) if (!part.startsWith('{') && part !== segments[index]) return null;
  const names: Record<string, string> = {};
  for (const [index, part] of parts.entries()) if (part.startsWith('{')) names[part.slice(1, -1)] = segments[index] ?? '';
  return names;
}
