import { isReadable } from './text.ts';

/** Members of a query or a form, decoded, in order; null where an escape is broken or a text cannot be stored. */
export function queryPairs(text: string): readonly (readonly [string, string])[] | null {
  const pairs = decodedPairs(text);
  return pairs?.every(([name, value]) => isReadable(name) && isReadable(value)) === true ? pairs : null;
}

function decodedPairs(text: string): readonly (readonly [string, string])[] | null {
  if (text === '') return [];
  try {
    return text
      .split('&')
      .filter((member) => member !== '')
      .map((member) => {
        const equals = member.indexOf('=');
        return equals < 0 ? [decode(member), ''] : [decode(member.slice(0, equals)), decode(member.slice(equals + 1))];
      });
  } catch {
    return null;
  }
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
