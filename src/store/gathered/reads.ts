import type { Pool } from 'pg';
import type { AccessKey, Plan, SecretBox, Session, Upgrade, WithUpgrade } from '../../domain/index.ts';
import { ridingOut } from '../retry.ts';
import { keyFromRow } from '../rows/key-row.ts';
import { sessionFromRow } from '../rows/session-row.ts';
import { upgradeFromRow } from '../rows/upgrade-row.ts';
import { type ClusterName, clusterReads, upgradeColumns } from './clusters.ts';
import { gather } from './gather.ts';
import { type Nonce, nonceMemory } from './nonces.ts';
import type { OwnWrites, Table } from './own-writes.ts';
import { rowReads } from './rows.ts';

const keysMax = 4_000;
const sessionsMax = 4_000;
/** At a few kB each. */
const upgradesMax = 12_000;
/** They are large. */
const plansMax = 500;

export interface GatheredReads {
  key(id: string): Promise<AccessKey | undefined>;
  session(id: string): Promise<Session | undefined>;
  /** The one thing that is written for every request: false when the nonce was seen before within its lifetime. */
  rememberNonce(nonce: Nonce): Promise<boolean>;
  upgrade(id: string): Promise<Upgrade | undefined>;
  plan(id: string): Promise<Plan | undefined>;
  clusterById(id: string): Promise<WithUpgrade | undefined>;
  /** Oldest first. */
  clustersOf(account: string): Promise<readonly WithUpgrade[]>;
  clusterByName(named: ClusterName): Promise<WithUpgrade | undefined>;
}

/** `ownWrites`: of the only server that writes; null where there may be others. */
export function gatheredReads(pool: Pool, box: SecretBox, ownWrites: OwnWrites | null): GatheredReads {
  const keys = rowReads(pool, {
    table: 'access_keys',
    columns: ['id', 'sealed_secret', 'account', 'description', 'status', 'policy', 'created_at'],
    read: (row) => keyFromRow(row, box),
    keptMax: keysMax,
  });
  const sessions = rowReads(pool, {
    table: 'sessions',
    columns: ['id', 'key_id', 'created_at', 'expires_at'],
    read: sessionFromRow,
    keptMax: sessionsMax,
  });
  const upgrades = rowReads(pool, { table: 'upgrades', columns: upgradeColumns, read: upgradeFromRow, keptMax: upgradesMax });
  const plans = rowReads(pool, {
    table: 'plans',
    columns: ['id', 'body'],
    read: ({ body }) => body as Plan,
    keptMax: plansMax,
  });
  const clusters = clusterReads(pool, box);
  // Upgrades and plans go with their cluster.
  const writesTo = (...tables: readonly Table[]) => ownWrites?.to(...tables) ?? null;
  const byId = <Value>(
    read: (ids: readonly string[]) => Promise<readonly (Value | Error | undefined)[]>,
    ...tables: readonly Table[]
  ) =>
    gather<string, Value | undefined>(
      (id) => id,
      (ids) => ridingOut(() => read(ids)),
      writesTo(...tables),
    );
  return {
    key: byId(keys, 'access_keys'),
    session: byId(sessions, 'sessions', 'access_keys'),
    rememberNonce: nonceMemory(pool),
    upgrade: byId(upgrades, 'upgrades', 'clusters'),
    plan: byId(plans, 'plans', 'clusters'),
    clusterById: byId(clusters.byId, 'clusters', 'upgrades'),
    clustersOf: gather(
      (account) => account,
      (accounts) => ridingOut(() => clusters.ofAccounts(accounts)),
      writesTo('clusters', 'upgrades'),
    ),
    clusterByName: gather(
      ({ account, engine, region, name }) => JSON.stringify([account, engine, region, name]),
      (names) => ridingOut(() => clusters.byName(names)),
      writesTo('clusters', 'upgrades'),
    ),
  };
}
