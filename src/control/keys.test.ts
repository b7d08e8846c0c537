import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../domain/index.ts';
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
    const key = await control.createKey(caller, 'for the pipeline', null);
    expect(key).toMatchObject({ account: caller.account, description: 'for the pipeline', status: 'active', policy: null });
    expect(key.id).toMatch(/^LTAI[a-z0-9]{20}$/);
    expect(key.secret).not.toBe('');
    expect(await test.store.getKey(key.id)).toEqual(key);
    const listed = (await control.listKeys(caller)).filter((one) => one.id === key.id);
    const { secret, ...told } = key;
    expect(listed).toEqual([told]);
    expect(JSON.stringify(listed)).not.toContain(secret);
  });

  it('has the policy that it was made with, or else that of its maker', async () => {
    const { control } = createControl(given(test.store).parts, new AbortController().signal);
    const narrow: PolicyDocument = { Statement: [{ Effect: 'Allow', Action: 'eks:Describe*', Resource: 'cluster/prod-*' }] };
    const wide: PolicyDocument = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    const made = await control.createKey(caller, 'narrow', narrow);
    expect((await test.store.getKey(made.id))?.policy).toEqual(narrow);
    expect((await control.listKeys(caller)).find((one) => one.id === made.id)?.policy).toEqual(narrow);
    const its = { keyId: made.id, account: caller.account, policy: narrow };
    expect((await control.createKey(its, 'from a narrow one', null)).policy).toEqual(narrow);
    expect((await control.createKey(its, 'from a narrow one', wide)).policy).toEqual(wide);
  });

  it('can be revoked, and the last active one that may do everything cannot', async () => {
    const { control } = createControl(given(test.store).parts, new AbortController().signal);
    const [first, ...others] = (await test.store.listKeys()).filter((key) => key.policy === null);
    for (const { id } of others) expect(await control.revokeKey(caller, id)).toBe('revoked');
    const limited = await control.createKey(caller, 'limited', { Statement: [] });
    const other = await control.createKey(caller, 'other', null);
    expect(await control.revokeKey(caller, other.id)).toBe('revoked');
    expect(await control.revokeKey(caller, first?.id ?? '')).toBe('last-active-key');
    expect(await control.revokeKey(caller, limited.id)).toBe('revoked');
    expect(await control.revokeKey(caller, 'no such key')).toBe('not-found');
    expect((await test.store.getKey(first?.id ?? ''))?.status).toBe('active');
  });

  it('is refused loudly when its random id was taken: it is nobody else’s', async () => {
    const g = given(test.store);
    const { control } = createControl({ ...g.parts, newName: (length) => 'a'.repeat(length) }, new AbortController().signal);
    const first = await control.createKey(caller, 'first', null);
    await expect(control.createKey({ ...caller, account: 'other' }, 'second', null)).rejects.toThrow('was taken');
    expect(await test.store.getKey(first.id)).toEqual(first);
  });
});
