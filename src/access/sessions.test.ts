import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noon, openTestStore, sampleKey, type TestStore } from '../store/samples.ts';
import { createSessions, sessionLifetimeMs } from './sessions.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

let made = 0;
const newToken = () => `token ${made++}`;
const at = (milliseconds: number) => new Date(Date.parse(noon) + milliseconds).toISOString();

async function aKey() {
  const key = sampleKey();
  await test.store.insertKey(key);
  return key;
}

describe('sessions', () => {
  it('stand for the key that they were opened with, until their time is over', async () => {
    const key = await aKey();
    let now = noon;
    const sessions = createSessions({ store: test.store, now: () => now, newToken });
    const opened = await sessions.open(key.id, key.secret);
    const caller = { keyId: key.id, account: key.account, policy: null };
    expect(opened).toEqual({ token: expect.any(String), caller, expiresAt: at(sessionLifetimeMs) });
    const token = opened?.token ?? '';
    now = at(sessionLifetimeMs - 1);
    expect(await sessions.find(token)).toEqual(opened);
    now = at(sessionLifetimeMs);
    expect(await sessions.find(token)).toBeUndefined();
    await test.store.forgetExpired(now, noon);
    now = noon;
    expect(await sessions.find(token)).toBeUndefined();
  });

  it('are opened by an active key with its own secret alone', async () => {
    const [key, other] = [await aKey(), await aKey()];
    const sessions = createSessions({ store: test.store, now: () => noon, newToken });
    const before = made;
    for (const [id, secret] of [
      [key.id, 'wrong'],
      [key.id, other.secret],
      ['nobody', key.secret],
      [`${key.id}\u0000`, key.secret],
      ['', ''],
    ] as const)
      expect(await sessions.open(id, secret)).toBeUndefined();
    expect(made).toBe(before);
  });

  it('end when they are closed, each by itself, and all of a key when it is revoked', async () => {
    const [key, other] = [await aKey(), await aKey()];
    const sessions = createSessions({ store: test.store, now: () => noon, newToken });
    const open = async (of: typeof key) => (await sessions.open(of.id, of.secret))?.token ?? '';
    const [first, second, others] = [await open(key), await open(key), await open(other)];
    const isOpen = async (token: string) => (await sessions.find(token)) !== undefined;
    await sessions.close(first);
    expect([await isOpen(first), await isOpen(second), await isOpen(others)]).toEqual([false, true, true]);
    expect(await test.store.revokeKey(key.id)).toBe('revoked');
    expect([await isOpen(second), await isOpen(others)]).toEqual([false, true]);
  });

  it('lie in the database as hashes: what is read there opens nothing', async () => {
    const key = await aKey();
    const ids: string[] = [];
    const store = {
      ...test.store,
      insertSession: async (session: Parameters<typeof test.store.insertSession>[0]) => {
        ids.push(session.id);
        await test.store.insertSession(session);
      },
    };
    const sessions = createSessions({ store, now: () => noon, newToken });
    const token = (await sessions.open(key.id, key.secret))?.token ?? '';
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(ids[0]).not.toContain(token);
    expect(await sessions.find(ids[0] ?? '')).toBeUndefined();
    expect(await test.store.getSession(token)).toBeUndefined();
  });

  it('are open on every server on the database', async () => {
    const key = await aKey();
    const servers = [0, 1].map(() => createSessions({ store: test.store, now: () => noon, newToken }));
    const token = (await servers[0]?.open(key.id, key.secret))?.token ?? '';
    expect((await servers[1]?.find(token))?.caller.keyId).toBe(key.id);
  });
});
