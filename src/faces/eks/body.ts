import type { Json } from './call.ts';
import { isStorable } from './query.ts';

export type BodyResult = { readonly kind: 'body'; readonly body: Json } | { readonly kind: 'unreadable'; readonly says: string };

const deepest = 32;

/** A JSON object, or nothing at all; what it says of its type is not asked for. Members that are null are left out at any depth. */
export function readBody(bytes: Buffer): BodyResult {
  if (bytes.length === 0) return { kind: 'body', body: {} };
  const text = bytes.toString('utf8').trim();
  if (text === '') return { kind: 'body', body: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable('The request body is not valid JSON.');
  }
  if (value === null) return { kind: 'body', body: {} };
  if (typeof value !== 'object' || Array.isArray(value)) return unreadable('The request body must be a JSON object.');
  const trouble = troubleIn(value, 1);
  return trouble === null ? { kind: 'body', body: withoutNulls(value) as Json } : unreadable(trouble);
}

function troubleIn(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return isStorable(value) ? null : 'The request body has a character that cannot be stored.';
  if (typeof value !== 'object' || value === null) return null;
  if (depth > deepest) return `The request body is nested more than ${deepest} deep.`;
  for (const [name, member] of Object.entries(value)) {
    const trouble = troubleIn(name, depth) ?? troubleIn(member, depth + 1);
    if (trouble !== null) return trouble;
  }
  return null;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

function unreadable(says: string): BodyResult {
  return { kind: 'unreadable', says };
}
