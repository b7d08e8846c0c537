/**
 * JSON as a column takes it: the character NUL and halves of surrogate pairs, which a program's last words may hold and
 * PostgreSQL does not store, become the replacement character.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? cleanText(inner) : inner));
}

export function toJsonOrNull(value: unknown): string | null {
  return value === null ? null : toJson(value);
}

/** NUL or any half of a pair: whole pairs are looked at closely for nothing, and are rare. */
const perhapsOdd = /[\0\uD800-\uDFFF]/;

export function cleanText(text: string): string {
  if (!perhapsOdd.test(text)) return text;
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\uFFFD');
}
