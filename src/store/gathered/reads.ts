import type { Pool } from 'pg';
import type { AccessKey, SecretBox, WithUpgrade } from '../../domain/index.ts';
import { ridingOut } from '../retry.ts';
import { type ClusterName, clusterReads } from './clusters.ts';
import { gather } from './gather.ts';
import { keyReads } from './keys.ts';

export interface GatheredReads {
  key(id: string): Promise<AccessKey | undefined>;
  clusterById(id: string): Promise<WithUpgrade | undefined>;
  /** Oldest first. */
  clustersOf(account: string): Promise<readonly WithUpgrade[]>;
  clusterByName(named: ClusterName): Promise<WithUpgrade | undefined>;
}

export function gatheredReads(pool: Pool, box: SecretBox): GatheredReads {
  const keys = keyReads(pool, box);
  const clusters = clusterReads(pool, box);
  return {
    key: gather(
      (id) => id,
      (ids) => ridingOut(() => keys(ids)),
    ),
    clusterById: gather(
      (id) => id,
      (ids) => ridingOut(() => clusters.byId(ids)),
    ),
    clustersOf: gather(
      (account) => account,
      (accounts) => ridingOut(() => clusters.ofAccounts(accounts)),
    ),
    clusterByName: gather(
      ({ account, engine, region, name }) => JSON.stringify([account, engine, region, name]),
      (names) => ridingOut(() => clusters.byName(names)),
    ),
  };
}
