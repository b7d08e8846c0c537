import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PolicyDocument } from '../domain/index.ts';
import { afterNoon, noon, openTestStore, sampleKey, sampleToken, type TestStore } from './samples.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

/** Tokens that are put without an upgrade are measured by the database's own clock. */
const ahead = new Date(Date.now() + 60_000).toISOString();
const past = new Date(Date.now() - 60_000).toISOString();

describe('tokens', () => {
  it('give back the answer until their time is over', async () => {
    const token = sampleToken({ expiresAt: ahead });
    expect(await test.store.putToken(token)).toBe('stored');
    expect(await test.store.getToken(token.scope, token.token, past)).toEqual(token);
    expect(await test.store.getToken(token.scope, token.token, ahead)).toBeUndefined();
    expect(await test.store.getToken('another scope', token.token, past)).toBeUndefined();
  });

  it('are taken by the first of many, and free again when they have expired', async () => {
    const token = sampleToken({ expiresAt: ahead });
    const ends = await Promise.all(
      Array.from({ length: 10 }, (_, index) => test.store.putToken({ ...token, answer: { caller: index } })),
    );
    expect(ends.filter((end) => end === 'stored')).toHaveLength(1);

    const expired = sampleToken({ expiresAt: past, parameters: 'old' });
    await test.store.putToken(expired);
    expect(await test.store.putToken({ ...expired, parameters: 'new', expiresAt: ahead })).toBe('stored');
    expect(await test.store.getToken(expired.scope, expired.token, past)).toMatchObject({ parameters: 'new' });
  });
});

describe('nonces', () => {
  it('are seen once within their lifetime, by one of many at once', async () => {
    const remember = () => test.store.rememberNonce('key-1', 'n', afterNoon(1_000), noon);
    const ends = await Promise.all(Array.from({ length: 10 }, remember));
    expect(ends.filter((fresh) => fresh)).toHaveLength(1);
    expect(await test.store.rememberNonce('key-2', 'n', afterNoon(1_000), noon)).toBe(true);
    expect(await test.store.rememberNonce('key-1', 'n', afterNoon(3_000), afterNoon(999))).toBe(false);
    expect(await test.store.rememberNonce('key-1', 'n', afterNoon(3_000), afterNoon(1_000))).toBe(true);
  });
});

describe('keys', () => {
  it('come back as they were written; a list of them holds no secret', async () => {
    const key = sampleKey();
    expect(await test.store.insertKey(key)).toBe('inserted');
    expect(await test.store.insertKey({ ...key, secret: 'another' })).toBe('id-taken');
    expect(await test.store.getKey(key.id)).toEqual(key);
    expect(await test.store.getKey('no such key')).toBeUndefined();
    const { secret, ...rest } = key;
    const list = await test.store.listKeys();
    expect(list).toContainEqual(rest);
    expect(JSON.stringify(list)).not.toContain(secret);
  });

  it('keep their policy as it was written', async () => {
    const policy: PolicyDocument = {
      Version: '2012-10-17',
      Statement: [{ Sid: 'prod', Effect: 'Allow', Action: ['eks:*'], Resource: 'cluster/prod-*' }],
    };
    const key = sampleKey({ policy });
    await test.store.insertKey(key);
    expect(JSON.stringify((await test.store.getKey(key.id))?.policy)).toBe(JSON.stringify(policy));
    expect((await test.store.listKeys()).find((one) => one.id === key.id)?.policy).toEqual(policy);
  });

  it('are revoked, again without effect, but never the last active one without a policy, even when all are at once', async () => {
    const own = await openTestStore();
    const keys = [sampleKey(), sampleKey(), sampleKey()];
    for (const key of keys) await own.store.insertKey(key);
    const limited = sampleKey({ policy: { Statement: [] } });
    await own.store.insertKey(limited);
    expect(await own.store.revokeKey('no such key')).toBe('not-found');
    const ends = await Promise.all(keys.map((key) => own.store.revokeKey(key.id)));
    expect(ends.sort()).toEqual(['last-active-key', 'revoked', 'revoked']);
    const active = (await own.store.listKeys()).filter((key) => key.status === 'active' && key.id !== limited.id);
    expect(active).toHaveLength(1);
    const revoked = keys.find((key) => key.id !== active[0]?.id);
    expect(await own.store.revokeKey(revoked?.id ?? '')).toBe('revoked');
    expect(await own.store.revokeKey(limited.id)).toBe('revoked');
    expect(await own.store.revokeKey(active[0]?.id ?? '')).toBe('last-active-key');
    await own.close();
  });
});

describe('leases', () => {
  const lasting = 60_000;

  it('that have run out are handed to one caller only', async () => {
    await test.store.renewLease('dead', 0);
    await test.store.renewLease('alive', 0);
    await test.store.renewLease('alive', lasting);
    const taken = await Promise.all(Array.from({ length: 10 }, () => test.store.takeExpiredLeases()));
    expect(taken.flat()).toEqual(['dead']);
    expect(await test.store.liveExecutors()).toEqual(['alive']);
    await test.store.dropLease('alive');
    expect(await test.store.liveExecutors()).toEqual([]);
  });

  it('run by the clock of the database, whatever time a server thinks it is', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60 * lasting });
    try {
      await test.store.renewLease('fast clock', lasting);
      vi.setSystemTime(Date.now() - 120 * lasting);
      await test.store.renewLease('slow clock', lasting);
      expect((await test.store.liveExecutors()).toSorted()).toEqual(['fast clock', 'slow clock']);
    } finally {
      vi.useRealTimers();
    }
    expect(await test.store.takeExpiredLeases()).toEqual([]);
    await test.store.renewLease('fast clock', 0);
    expect(await test.store.takeExpiredLeases()).toEqual(['fast clock']);
  });

  it('of all others are dropped by who is alone on the database', async () => {
    await test.store.renewLease('left behind', lasting);
    await test.store.renewLease('we', lasting);
    await test.store.dropOtherLeases('we');
    expect(await test.store.liveExecutors()).toEqual(['we']);
  });
});
