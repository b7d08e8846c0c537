/** A value on its way to the wire, which may be what no serializer writes: a name twice, a number that no number is. */

export type Tree = null | boolean | number | string | readonly Tree[] | Pairs | Raw;

/** An object whose names may repeat. */
export class Pairs {
  readonly pairs: readonly (readonly [string, Tree])[];
  constructor(pairs: readonly (readonly [string, Tree])[]) {
    this.pairs = pairs;
  }
}

/** Stands on the wire as it is. */
export class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What becomes of a member: left out, there twice, or another value. */
export type Changed = Tree | { readonly kind: 'absent' } | { readonly kind: 'twice'; readonly both: readonly [Tree, Tree] };

export function valuesOf(changed: Changed): readonly Tree[] {
  if (typeof changed !== 'object' || changed === null || !('kind' in changed)) return [changed];
  return changed.kind === 'absent' ? [] : changed.both;
}

export function jsonOf(tree: Tree): string {
  if (tree instanceof Raw) return tree.text;
  if (tree instanceof Pairs)
    return `{${tree.pairs.map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(value)}`).join(',')}}`;
  if (isList(tree)) return `[${tree.map(jsonOf).join(',')}]`;
  return JSON.stringify(tree);
}

/** As it stands in a path, a query or a form. A list in a query is its items, each by itself. */
export function textOf(tree: Tree): string {
  if (tree instanceof Raw) return tree.text;
  return escaped(typeof tree === 'string' ? tree : jsonOf(tree));
}

export function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree);
}

/** Percent-escapes as encodeURIComponent does, but bears half of a surrogate pair, as the bytes that a careless client sends. */
export function escaped(text: string): string {
  return text
    .split(/(\p{Cs})/u)
    .map((part) => (/^\p{Cs}$/u.test(part) ? surrogate(part) : encodeURIComponent(part)))
    .join('');
}

function surrogate(half: string): string {
  const code = half.charCodeAt(0);
  const bytes = [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase()}`).join('');
}
