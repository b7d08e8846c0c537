import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStore, type TestStore } from '../store/samples.ts';
import { createControl } from './create-control.ts';
import { caller, given } from './testing.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

describe('an access key', () => {
  it('is made for the account of whoever asks, and its secret is told that once', async () => {
    const { control } = createControl(given(test.store).parts, new AbortController().signal);
    const key = await control.createKey(caller, 'for the pipeline');
    expect(key).toMatchObject({ account: caller.account, description: 'for the pipeline', status: 'active' });
    expect(key.id).toMatch(/^LTAI[a-z0-9]{20}$/);
    expect(key.secret).not.toBe('');
    expect(await test.store.getKey(key.id)).toEqual(key);
    const listed = (await control.listKeys(caller)).filter((one) => one.id === key.id);
    const { secret, ...told } = key;
    expect(listed).toEqual([told]);
    expect(JSON.stringify(listed)).not.toContain(secret);
  });

  it('can be revoked, and the last active one cannot', async () => {
    const { control } = createControl(given(test.store).parts, new AbortController().signal);
    for (const { id } of (await test.store.listKeys()).slice(1)) await control.revokeKey(caller, id);
    const [kept] = (await test.store.listKeys()).filter((key) => key.status === 'active');
    const other = await control.createKey(caller, 'other');
    expect(await control.revokeKey(caller, other.id)).toBe('revoked');
    expect(await control.revokeKey(caller, kept?.id ?? '')).toBe('last-active-key');
    expect(await control.revokeKey(caller, 'no such key')).toBe('not-found');
    expect((await test.store.getKey(kept?.id ?? ''))?.status).toBe('active');
  });

  it('is refused loudly when its random id was taken: it is nobody else’s', async () => {
    const g = given(test.store);
    const { control } = createControl({ ...g.parts, newName: (length) => 'a'.repeat(length) }, new AbortController().signal);
    const first = await control.createKey(caller, 'first');
    await expect(control.createKey({ ...caller, account: 'other' }, 'second')).rejects.toThrow('was taken');
    expect(await test.store.getKey(first.id)).toEqual(first);
  });
});
