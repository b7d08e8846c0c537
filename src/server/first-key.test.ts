import { describe, expect, it } from 'vitest';
import type { AccessKey } from '../domain/index.ts';
import { firstKey } from './first-key.ts';

function storeWith(...keys: AccessKey[]) {
  const rows = [...keys];
  return {
    rows,
    getKey: async (id: string) => rows.find((key) => key.id === id),
    listKeys: async () => rows,
    insertKey: async (key: AccessKey) => {
      rows.push(key);
      return 'inserted' as const;
    },
  };
}

const now = () => '2026-01-01T00:00:00.000Z';
const newKey = () => ({ id: 'LTAImade', secret: 'made-secret' });
const row = (change: Partial<AccessKey> = {}): AccessKey => ({
  id: 'LTAIthere',
  secret: 'its-secret',
  account: '1',
  policy: null,
  description: '',
  status: 'active',
  createdAt: now(),
  ...change,
});
const config = (key: { id: string; secret: string } | null = null) => ({ firstKey: key, account: '100000000000' });

describe('the first access key', () => {
  it('is made where there is none, and shown that once', async () => {
    const store = storeWith();
    expect(await firstKey({ store, config: config(), now, newKey })).toEqual({
      kind: 'made',
      id: 'LTAImade',
      secret: 'made-secret',
    });
    expect(await firstKey({ store, config: config(), now, newKey })).toEqual({ kind: 'there' });
    expect(store.rows.map((key) => [key.id, key.account])).toEqual([['LTAImade', '100000000000']]);
  });

  it('is made anew when every key was revoked: else nobody could come in', async () => {
    const store = storeWith(row({ status: 'revoked' }));
    expect(await firstKey({ store, config: config(), now, newKey })).toMatchObject({ kind: 'made' });
  });

  it('comes from the environment, once', async () => {
    const store = storeWith();
    const wanted = { id: 'LTAIwanted', secret: 'wanted-secret-0000' };
    for (let start = 1; start <= 2; start += 1)
      expect(await firstKey({ store, config: config(wanted), now, newKey })).toEqual({ kind: 'there' });
    expect(store.rows.map((key) => key.id)).toEqual(['LTAIwanted']);
  });

  it('of the environment is refused when it exists otherwise, without a secret in the sentence', async () => {
    const other = await firstKey({
      store: storeWith(row()),
      config: config({ id: 'LTAIthere', secret: 'another-secret' }),
      now,
      newKey,
    });
    expect(other).toMatchObject({ kind: 'refused', because: expect.stringContaining('exists with another secret') });
    expect(JSON.stringify(other)).not.toMatch(/another-secret|its-secret/);
    const revoked = await firstKey({
      store: storeWith(row({ status: 'revoked' })),
      config: config({ id: 'LTAIthere', secret: 'its-secret' }),
      now,
      newKey,
    });
    expect(revoked).toMatchObject({ kind: 'refused', because: expect.stringContaining('revoked') });
  });
});
