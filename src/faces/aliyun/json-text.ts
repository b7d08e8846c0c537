/** What the text of a JSON document says beyond the value that JSON.parse makes of it. */
import { isReadable } from './text.ts';

/** A name and its value; null stands for an object, a list or null. */
export type Mention = readonly [string, string | number | boolean | null];

export interface ScannedJson {
  readonly kind: 'scanned';
  readonly mentions: readonly Mention[];
  /** How deep each of them stands; the members of the document itself stand at 1. */
  readonly depths: readonly number[];
}

const deepest = 32;
const text = '"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"';
const tokens = new RegExp(`${text}|[[\\]{}]`, 'gs');
const valueOfName = new RegExp(`\\s*:\\s*(${text}|true|false|-?\\d[\\d.eE+-]*)?`, 'sy');

/**
 * Every named value of a valid JSON text, repeated names too (JSON.parse keeps only the last). Texts that cannot be stored
 * and nesting that nobody needs make it unreadable.
 */
export function mentionsIn(json: string): ScannedJson | { readonly kind: 'unreadable'; readonly says: string } {
  const mentions: Mention[] = [];
  const depths: number[] = [];
  let depth = 0;
  for (const { 0: token, index } of json.matchAll(tokens)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    else {
      const name: string = JSON.parse(token);
      if (!isReadable(name)) return { kind: 'unreadable', says: 'The body has a character that cannot be read.' };
      valueOfName.lastIndex = index + token.length;
      const found = valueOfName.exec(json);
      if (found === null) continue;
      mentions.push([name, found[1] === undefined ? null : JSON.parse(found[1])]);
      depths.push(depth);
    }
    if (depth > deepest) return { kind: 'unreadable', says: `The body is nested more than ${deepest} deep.` };
  }
  return { kind: 'scanned', mentions, depths };
}

/** The members of the document itself. */
export function membersOf({ mentions, depths }: ScannedJson): readonly Mention[] {
  return mentions.filter((_, index) => depths[index] === 1);
}
