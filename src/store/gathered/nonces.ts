import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Instant } from '../../domain/index.ts';
import { cleanText } from '../json.ts';
import { ridingOut } from '../retry.ts';
import { gather } from './gather.ts';
import { named, rowsOf, type Statement } from './statement.ts';

export interface Nonce {
  readonly keyId: string;
  readonly nonce: string;
  readonly expiresAt: Instant;
  readonly now: Instant;
}

interface Claimed extends Nonce {
  /** The same when the same request is remembered again because the answer was lost: that is no replay. */
  readonly claim: string;
}

const remember: Statement = {
  name: 'remember nonces',
  text: `insert into ${named('nonces')} as seen (key_id, nonce, expires_at, claim)
    select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::uuid[])
    on conflict (key_id, nonce) do update set expires_at = excluded.expires_at, claim = excluded.claim
    where seen.expires_at <= ($5::timestamptz[])[1] or seen.claim = excluded.claim
    returning claim`,
};

/** False when the nonce was seen before within its lifetime. */
export function nonceMemory(pool: Pool): (nonce: Nonce) => Promise<boolean> {
  const remembered = gather<Claimed, boolean>(
    ({ claim }) => claim,
    (asked) => ridingOut(() => rememberAll(pool, asked)),
  );
  return (nonce) => remembered({ ...nonce, claim: randomUUID() });
}

async function rememberAll(pool: Pool, asked: readonly Claimed[]): Promise<readonly boolean[]> {
  // Of those that come with the same nonce at the same moment one is the first, and the others are replays of it.
  const first = new Map<string, Claimed>();
  for (const given of asked) {
    const one = { ...given, nonce: cleanText(given.nonce) };
    const name = `${one.keyId} ${one.nonce}`;
    if (!first.has(name)) first.set(name, one);
  }
  // In one order: two servers that remember the same ones in different orders would wait for each other.
  const rows = [...first.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  const earliest = asked.map(({ now }) => now).sort()[0] ?? '';
  const lists = (['keyId', 'nonce', 'expiresAt', 'claim'] as const).map((part) => rows.map((one) => one[part]));
  const stored = new Set(
    (await rowsOf<{ readonly claim: string }>(pool, remember, [...lists, [earliest]])).map(({ claim }) => claim),
  );
  return asked.map(({ claim }) => stored.has(claim));
}
