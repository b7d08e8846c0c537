/** What can be wrong with one field. Each gets the good value and gives back what stands in its place. */
import type { Chance } from './chance.ts';
import type { Type } from './model.ts';
import { type Changed, isList, jsonOf, Pairs, Raw, type Tree } from './tree.ts';

type Mutation = (good: Tree, type: Type, chance: Chance) => Changed;

const absent = { kind: 'absent' } as const;

/** Around every limit that the faces have, and those of machines. */
const lengths = [0, 1, 2, 20, 21, 60, 63, 64, 65, 100, 101, 128, 129, 255, 256, 257, 1_024, 1_025, 4_096, 20_000] as const;
const numbers = [
  ...['0', '-0', '-1', '1', '2', '100', '101', '1.5', '1e2', '1E400', '-1E400', '1e-400', '2147483647', '2147483648'],
  ...['4294967296', '9007199254740993', '9223372036854775808', '99999999999999999999999999', '0.1e1', '00', '+1', '0x10', 'NaN'],
] as const;
const odd = [
  ...['\0', 'a\0b', '\ud800', 'a\udfff', '\u{1f600}', '\u{10ffff}', 'ﷺ', '\u202eabc', 'e\u0301', '\ufeff', '\u2028', '\u0085'],
  ...['\r\n', 'a\r\nx-injected: 1', '\t', ' ', ' a ', '\u00a0', '\x7f', '\x1b[31m', 'ﬀ', 'ı', 'İ', 'ß', 'Ω', '漢字', '🏳️‍🌈'],
] as const;
const words = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'length', 'undefined', 'null', 'true', 'NaN'],
  ...["'; drop table clusters; --", '../../../etc/passwd', '%00', '%2e%2e%2f', '${jndi:ldap://127.0.0.1/a}', '{{7*7}}', '<a/>'],
  ...[
    '*',
    '?',
    '#',
    '&a=b',
    '=',
    '/',
    '\\',
    '"',
    "'",
    '`id`',
    '$(id)',
    '%',
    '%zz',
    '+',
    ';',
    ',',
    '[]',
    '{}',
    '-',
    '_',
    '.',
    '..',
  ],
] as const;
const moments = [
  ...[
    '1969-12-31T23:59:59Z',
    '+275760-09-13T00:00:00.001Z',
    '2026-02-30',
    '8640000000000001',
    '-1',
    'now',
    '2026-11-25T10:00:00+99:99',
  ],
] as const;
const manyItems = [0, 1, 2, 51, 101, 1_000] as const;

export const mutations: Readonly<Record<string, Mutation>> = {
  'left out': () => absent,
  null: () => null,
  empty: (_, { kind }) => (kind === 'list' ? [] : kind === 'map' || kind === 'structure' ? new Pairs([]) : ''),
  'there twice, the same': (good) => ({ kind: 'twice', both: [good, good] }),
  'there twice, differing': (good, type, chance) => ({ kind: 'twice', both: [good, otherType(good, type, chance)] }),
  'another type': otherType,
  'a text of it': (good) => (typeof good === 'string' ? jsonOf(good) : jsonOf(good)),
  'in a list': (good) => [good],
  'in an object': (good, _, chance) => new Pairs([[chance.pick(words), good]]),
  'a number at a limit': (_, __, chance) => new Raw(chance.pick(numbers)),
  'a text of a number at a limit': (_, __, chance) => chance.pick(numbers),
  'a length at a limit': (good, { kind }, chance) => ofLength(good, kind, chance),
  'an odd character': (good, _, chance) => around(good, chance.pick(odd), chance),
  'a word that means something elsewhere': (good, _, chance) =>
    chance.happens(0.5) ? chance.pick(words) : around(good, chance.pick(words), chance),
  'a word of no list': (good, _, chance) => (typeof good === 'string' ? changedCase(good, chance) : 'no-such-word'),
  'a moment that is none': (_, __, chance) => chance.pick(moments),
  'names that every object has': (_, __, chance) =>
    new Pairs([chance.pick(words), '__proto__', 'constructor'].map((name) => [name, new Pairs([['toString', 1]])])),
  'nested deep': (good, _, chance) => nested(good, chance.pick([2, 31, 32, 33, 100, 5_000])),
  'many of it': (good, type, chance) => many(good, type, chance),
  'not JSON': (_, __, chance) =>
    new Raw(chance.pick(['', 'undefined', '{', ']', "'a'", '{"a":}', '[1,]', '"\\x"', '"\\ud800"', '/**/1', '\u0001'])),
};

export const mutationNames = Object.keys(mutations);

function otherType(_: Tree, { kind }: Type, chance: Chance): Tree {
  const others: readonly (readonly [string, Tree])[] = [
    ['text', 'text'],
    ['number', 7],
    ['flag', true],
    ['list', ['a', 1, null, [], new Pairs([])]],
    ['structure', new Pairs([['a', new Pairs([['b', [1]]])]])],
    ['map', new Pairs([['a', 'b']])],
  ];
  return chance.pick(others.filter(([other]) => other !== kind))[1];
}

function ofLength(good: Tree, kind: Type['kind'], chance: Chance): Tree {
  const length = chance.pick(lengths);
  if (kind === 'list' && isList(good))
    return Array.from({ length: Math.min(length, 300) }, (_, index) => good[index] ?? good[0] ?? 'a');
  if (kind === 'map') return new Pairs(Array.from({ length: Math.min(length, 300) }, (_, index) => [`key-${index}`, 'value']));
  return chance.pick(['a', 'a', 'ü', '漢', '9']).repeat(length);
}

function around(good: Tree, text: string, chance: Chance): string {
  const whole = typeof good === 'string' ? good : '';
  const at = chance.below(whole.length + 1);
  return whole.slice(0, at) + text + whole.slice(at);
}

function changedCase(good: string, chance: Chance): string {
  return chance.pick([good.toUpperCase(), good.toLowerCase(), `${good} `, ` ${good}`, `${good}${good}`, good.slice(1)]);
}

function nested(good: Tree, depth: number): Tree {
  const text = jsonOf(good);
  return depth % 2 === 0
    ? new Raw('['.repeat(depth) + text + ']'.repeat(depth))
    : new Raw('{"a":'.repeat(depth) + text + '}'.repeat(depth));
}

function many(good: Tree, { kind }: Type, chance: Chance): Tree {
  const count = chance.pick(manyItems);
  if (kind === 'list' && isList(good))
    return Array.from({ length: count }, (_, index) => (chance.happens(0.5) ? `item-${index}` : (good[0] ?? null)));
  if (kind === 'map') return new Pairs(Array.from({ length: count }, (_, index) => [`key-${index}`, `value-${index}`]));
  return Array.from({ length: count }, () => good);
}
