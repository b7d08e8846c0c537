/** Ways in which a request is not signed, or not by who it says, or not now, or not as it is. */
import type { Chance } from './chance.ts';
import { headerOf, type Plain, withHeader } from './request.ts';
import type { Key, Sign, Signing } from './sign.ts';

type Break = (plain: Plain, sign: Sign, signing: Signing, chance: Chance) => Plain;

const minute = 60_000;
const junk = [
  '',
  ' ',
  'x',
  'AWS4-HMAC-SHA256',
  'ACS3-HMAC-SHA256 ',
  'acs :',
  'acs a:b',
  'Bearer x',
  'Basic',
  'Basic %%%',
  'Basic Og==',
  'a'.repeat(8_000),
  '\u00ff',
] as const;
const ids = ['', 'LTAInobody', 'constructor', '__proto__', '%00', 'a'.repeat(129), 'a/b/c', 'a,b', 'a:b', '\u00fc', "'"] as const;
const moments = [
  '',
  '0',
  'now',
  '20261301T000000Z',
  '99999999T999999Z',
  '-1',
  'Tue, 99 Foo 2026 00:00:00 GMT',
  '+275760-09-13T00:00:00Z',
] as const;

const dated = (signing: Signing, differenceMs: number): Signing => ({
  ...signing,
  at: new Date(signing.at.getTime() + differenceMs),
});
const by = (signing: Signing, key: Partial<Key>): Signing => ({ ...signing, key: { ...signing.key, ...key } });

export const brokenSignatures: Readonly<Record<string, Break>> = {
  'another secret': (plain, sign, signing, chance) => sign(plain, by(signing, { secret: 'not the secret' }), chance),
  'nobody’s key': (plain, sign, signing, chance) => sign(plain, by(signing, { id: `LTAInobody${chance.below(1_000)}` }), chance),
  'an odd id': (plain, sign, signing, chance) => replaced(sign(plain, signing, chance), signing.key.id, chance.pick(ids)),
  'long ago': (plain, sign, signing, chance) => sign(plain, dated(signing, -chance.pick([16, 60, 1e6]) * minute), chance),
  'not yet': (plain, sign, signing, chance) => sign(plain, dated(signing, chance.pick([16, 60, 1e6]) * minute), chance),
  'a body that was not signed': (plain, sign, signing, chance) => ({
    ...sign(plain, signing, chance),
    body: Buffer.from('{"other":1}'),
  }),
  'a query that was not signed': (plain, sign, signing, chance) => ({ ...sign(plain, signing, chance), query: 'force=true' }),
  'a path that was not signed': (plain, sign, signing, chance) => {
    const signed = sign(plain, signing, chance);
    return { ...signed, path: `${signed.path}x` };
  },
  'no signature': (plain, sign, signing, chance) => {
    const signed = sign(plain, signing, chance);
    return { ...signed, headers: signed.headers.filter(([name]) => name !== 'authorization') };
  },
  'a junk signature': (plain, sign, signing, chance) =>
    withHeader(sign(plain, signing, chance), 'authorization', chance.pick(junk)),
  'a cut signature': (plain, sign, signing, chance) => {
    const signed = sign(plain, signing, chance);
    const says = headerOf(signed, 'authorization') ?? '';
    return withHeader(signed, 'authorization', says.slice(0, chance.below(says.length)));
  },
  'a changed signature': (plain, sign, signing, chance) => {
    const signed = sign(plain, signing, chance);
    const says = headerOf(signed, 'authorization') ?? '';
    // Between its words a blank more or less says the same.
    const inWords = [...says.matchAll(/\w/g)].map(({ index }) => index);
    const at = chance.pick(inWords);
    const other = chance.pick(['0', 'Z', ',', '=', ';', ' ', '/', '%', '\u00e9'].filter((one) => one !== says[at]));
    return withHeader(signed, 'authorization', says.slice(0, at) + other + says.slice(at + 1));
  },
  'two signatures': (plain, sign, signing, chance) => {
    const signed = sign(plain, signing, chance);
    return { ...signed, headers: [['authorization', 'Basic eDp5'], ...signed.headers] };
  },
  'a moment that is none': (plain, sign, signing, chance) => {
    const signed = sign(plain, signing, chance);
    return ['x-amz-date', 'x-acs-date', 'date'].reduce(
      (made, name) => (headerOf(made, name) === undefined ? made : withHeader(made, name, chance.pick(moments))),
      signed,
    );
  },
  'in the query': (plain, sign, signing, chance) => {
    const signed = sign(plain, signing, chance);
    const says = headerOf(signed, 'authorization') ?? '';
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(says.slice(0, 200))}&X-Amz-Date=${chance.pick(moments)}&X-Amz-Expires=${chance.pick(['', '-1', '604801', '1e9', 'x'])}&X-Amz-SignedHeaders=host&X-Amz-Signature=${'0'.repeat(64)}`;
    return { ...signed, query, headers: signed.headers.filter(([name]) => name !== 'authorization') };
  },
};

function replaced(signed: Plain, from: string, to: string): Plain {
  return withHeader(signed, 'authorization', (headerOf(signed, 'authorization') ?? '').replace(from, to));
}
