/** Members of a query, decoded, in order; null where an escape is broken or a text cannot be stored. */
export function queryPairs(text: string): readonly (readonly [string, string])[] | null {
  try {
    const pairs = text
      .split('&')
      .filter((member) => member !== '')
      .map((member) => {
        const equals = member.indexOf('=');
        return equals < 0 ? pair(member, '') : pair(member.slice(0, equals), member.slice(equals + 1));
      });
    return pairs.every((members) => members.every(isStorable)) ? pairs : null;
  } catch {
    return null;
  }
}

function pair(name: string, value: string): readonly [string, string] {
  return [decode(name), decode(value)];
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** NUL and lone surrogates cannot be stored or sent on. */
export function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
