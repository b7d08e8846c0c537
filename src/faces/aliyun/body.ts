/** Request bodies in the three encodings that official clients send. */
import { queryPairs } from './query.ts';

export type Json = Readonly<Record<string, unknown>>;

/** `members` is empty for an empty body; `list` holds a bare JSON list. */
export interface Body {
  readonly members: Json;
  readonly list: readonly unknown[] | null;
}

export type BodyResult = { readonly kind: 'body'; readonly body: Body } | { readonly kind: 'unreadable'; readonly says: string };

const empty: Body = { members: {}, list: null };

/** JSON; a form with JSON in its member `body`; a flat form. Which it is is told by the content type, else by the text. */
export function readBody(contentType: string, bytes: Buffer): BodyResult {
  const text = bytes.toString('utf8').trim();
  if (text === '') return { kind: 'body', body: empty };
  return looksLikeForm(contentType, text) ? readForm(text) : readJson(text);
}

function looksLikeForm(contentType: string, text: string): boolean {
  if (/^[[{"]/.test(text)) return false;
  return /x-www-form-urlencoded/i.test(contentType) || /^[\w%.+-]+=/.test(text);
}

function readForm(text: string): BodyResult {
  const pairs = queryPairs(text);
  if (pairs === null) return { kind: 'unreadable', says: 'The form has a broken escape.' };
  const [first] = pairs;
  if (pairs.length === 1 && first?.[0] === 'body')
    return first[1].trim() === '' ? { kind: 'body', body: empty } : readJson(first[1]);
  return { kind: 'body', body: { members: Object.fromEntries(pairs), list: null } };
}

function readJson(text: string): BodyResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', says: 'The body is neither JSON nor a form.' };
  }
  if (value === null) return { kind: 'body', body: empty };
  if (Array.isArray(value)) return { kind: 'body', body: { members: {}, list: value } };
  if (typeof value !== 'object') return { kind: 'unreadable', says: 'The body must be a JSON object.' };
  return { kind: 'body', body: { members: value as Json, list: null } };
}
