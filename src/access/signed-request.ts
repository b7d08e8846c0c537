import type { SignedRequest } from '../domain/index.ts';

export type { SignedRequest } from '../domain/index.ts';

export type SignatureVerdict =
  | { readonly kind: 'ok' }
  /** `stringToSign` lets an honest caller find out what was signed differently. It holds no secret. */
  | { readonly kind: 'mismatch'; readonly stringToSign: string }
  | { readonly kind: 'malformed'; readonly because: string };

/** A header by its name in lower case. The name may be a stranger's word, such as `constructor`. */
export function headerOf({ headers }: Pick<SignedRequest, 'headers'>, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}

/** Query members decoded, in order. A broken escape stays as it is: it can only fail to match. */
export function queryMembers(query: string): readonly (readonly [string, string])[] {
  if (query === '') return [];
  return query.split('&').map((member) => {
    const equals = member.indexOf('=');
    return equals < 0 ? [decode(member), ''] : [decode(member.slice(0, equals)), decode(member.slice(equals + 1))];
  });
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** By code unit, as every client sorts. */
export function byName(a: readonly [string, string], b: readonly [string, string]): number {
  if (a[0] === b[0]) return 0;
  return a[0] < b[0] ? -1 : 1;
}
