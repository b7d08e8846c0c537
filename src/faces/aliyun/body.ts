/** Request bodies in the three encodings that official clients send. */
import { type Mention, membersOf, mentionsIn } from './json-text.ts';
import { queryPairs } from './query.ts';

export type Json = Readonly<Record<string, unknown>>;

/** `members` is empty for an empty body; `list` holds a bare JSON list. */
export interface Body {
  readonly members: Json;
  readonly list: readonly unknown[] | null;
  /** Every named value at any depth, repeated names too, in the order of the text. */
  readonly mentions: readonly Mention[];
}

export type BodyResult = { readonly kind: 'body'; readonly body: Body } | { readonly kind: 'unreadable'; readonly says: string };

export const emptyBody: Body = { members: {}, list: null, mentions: [] };

/** JSON; a form with JSON in its member `body`; a flat form. Which it is is told by the content type, else by the text. */
export function readBody(contentType: string, bytes: Buffer): BodyResult {
  const text = bytes.toString('utf8').trim();
  if (text === '') return { kind: 'body', body: emptyBody };
  return looksLikeForm(contentType, text) ? readForm(text) : readJson(text);
}

function looksLikeForm(contentType: string, text: string): boolean {
  if (/^[[{"]/.test(text)) return false;
  return /x-www-form-urlencoded/i.test(contentType) || /^[\w%.+-]+=/.test(text);
}

function readForm(text: string): BodyResult {
  const pairs = queryPairs(text);
  if (pairs === null) return unreadable('The form has a broken escape or a character that cannot be read.');
  const plain = pairs.filter(([name]) => name !== 'body');
  const twice = repeatedName(plain);
  if (twice !== null) return unreadable(`"${twice}" was sent twice.`);
  const inner = pairs.filter(([name, value]) => name === 'body' && value.trim() !== '').map(([, value]) => readJson(value));
  const [first, second] = inner;
  if (second !== undefined) return unreadable('"body" was sent twice.');
  if (first?.kind === 'unreadable') return first;
  const { members, list, mentions } = first?.body ?? emptyBody;
  return {
    kind: 'body',
    body: { members: { ...Object.fromEntries(plain), ...members }, list, mentions: [...plain, ...mentions] },
  };
}

function readJson(text: string): BodyResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable('The body is neither JSON nor a form.');
  }
  const scanned = mentionsIn(text);
  if (scanned.kind === 'unreadable') return scanned;
  if (value === null) return { kind: 'body', body: emptyBody };
  const { mentions } = scanned;
  if (Array.isArray(value)) return { kind: 'body', body: { members: {}, list: value, mentions } };
  if (typeof value !== 'object') return unreadable('The body must be a JSON object.');
  const twice = repeatedName(membersOf(scanned));
  if (twice !== null) return unreadable(`"${twice}" was sent twice.`);
  return { kind: 'body', body: { members: value as Json, list: null, mentions } };
}

/** A name that was sent with two values: nobody knows which was meant. */
function repeatedName(pairs: readonly Mention[]): string | null {
  const first = new Map<string, unknown>();
  for (const [name, value] of pairs) {
    if (first.has(name) && (first.get(name) !== value || typeof value === 'object')) return name;
    first.set(name, value);
  }
  return null;
}

function unreadable(says: string): BodyResult {
  return { kind: 'unreadable', says };
}
