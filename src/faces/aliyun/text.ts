/** Texts that come from outside. */

/** NUL and lone surrogates cannot be stored or sent on. */
export function isReadable(text: string): boolean {
  return !/[\0\p{Cs}]/u.test(text);
}

const shownMax = 60;

/** What a caller sent, cut to a length that a sentence bears. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}
