import type { Instant, Store } from '../domain/index.ts';
import type { Config } from './config.ts';

export type FirstKey =
  | { readonly kind: 'there' }
  /** Shown once, and only now. */
  | { readonly kind: 'made'; readonly id: string; readonly secret: string }
  | { readonly kind: 'refused'; readonly because: string };

interface Making {
  readonly store: Pick<Store, 'getKey' | 'insertKey' | 'listKeys'>;
  readonly config: Pick<Config, 'firstKey' | 'account'>;
  readonly now: () => Instant;
  readonly newKey: () => { readonly id: string; readonly secret: string };
}

/** The key from the environment where it is set; else one is made where there is none yet. */
export async function firstKey({ store, config, now, newKey }: Making): Promise<FirstKey> {
  const wanted = config.firstKey;
  if (wanted !== null) return fromEnvironment(store, wanted, config.account, now());
  if ((await store.listKeys()).some((key) => key.status === 'active')) return { kind: 'there' };
  const made = newKey();
  await store.insertKey(keyRow(made, config.account, 'made at first start', now()));
  return { kind: 'made', ...made };
}

async function fromEnvironment(
  store: Making['store'],
  wanted: NonNullable<Config['firstKey']>,
  account: string,
  at: Instant,
): Promise<FirstKey> {
  const there = await store.getKey(wanted.id);
  if (there === undefined) {
    const inserted = await store.insertKey(keyRow(wanted, account, 'from the environment', at));
    if (inserted === 'inserted') return { kind: 'there' };
    return fromEnvironment(store, wanted, account, at);
  }
  if (there.secret !== wanted.secret)
    return {
      kind: 'refused',
      because: `CLUSTERLIFT_ACCESS_KEY_ID names the key ${wanted.id}, which exists with another secret. Set its own secret, or name another key.`,
    };
  if (there.status !== 'active')
    return {
      kind: 'refused',
      because: `CLUSTERLIFT_ACCESS_KEY_ID names the key ${wanted.id}, which was revoked. Name another key.`,
    };
  return { kind: 'there' };
}

function keyRow(key: { readonly id: string; readonly secret: string }, account: string, description: string, at: Instant) {
  return { ...key, account, description, status: 'active', policy: null, createdAt: at } as const;
}
