/**
 * The segments of a path as sent, each decoded by itself: an ARN in a path is one segment, whatever of it is encoded. Null
 * where an escape is broken or a text cannot be stored.
 */
import { isStorable } from './query.ts';

export function segmentsOf(path: string): readonly string[] | null {
  try {
    const segments = path
      .split('/')
      .filter((segment) => segment !== '')
      .map((segment) => decodeURIComponent(segment));
    return segments.every(isStorable) ? segments : null;
  } catch {
    return null;
  }
}

/** The names in a pattern with their segments, or null where the path does not fit it. */
export function namesIn(pattern: string, segments: readonly string[]): Readonly<Record<string, string>> | null {
  const parts = pattern.split('/').filter((part) => part !== '');
  if (parts.length !== segments.length) return null;
  const names: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith('{')) names[part.slice(1, -1)] = segment;
    else if (part !== segment) return null;
  }
  return names;
}
