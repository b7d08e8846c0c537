import type { Selectable } from 'kysely';
import type { Pool } from 'pg';
import { type SecretBox, unfinishedStatuses, type WithUpgrade } from '../../domain/index.ts';
import { clusterFromRow } from '../rows/cluster-row.ts';
import { upgradeFromRow } from '../rows/upgrade-row.ts';
import type { Tables } from '../tables.ts';
import { Kept } from './kept.ts';
import { named, orError, rowsOf, type Statement, versionOf } from './statement.ts';

export interface ClusterName {
  readonly account: string;
  readonly engine: string;
  readonly region: string;
  readonly name: string;
}

/** At a few kB each. */
const keptMax = 12_000;

const unfinished = unfinishedStatuses.map((status) => `'${status}'`).join(', ');
const upgradeOfIt = `left join ${named('upgrades')} u on u.cluster_id = c.id and u.status in (${unfinished})`;
const version = `${versionOf('c')} || coalesce(' ' || ${versionOf('u')}, '') as version`;

const versionsById: Statement = {
  name: 'cluster versions by id',
  text: `select asked.place, c.id, ${version} from unnest($1::text[]) with ordinality as asked (id, place)
    join ${named('clusters')} c on c.id = asked.id ${upgradeOfIt}`,
};
const versionsByName: Statement = {
  name: 'cluster versions by name',
  text: `select asked.place, c.id, ${version}
    from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as asked (account, engine, region, name, place)
    join ${named('clusters')} c
      on c.account = asked.account and c.engine = asked.engine and c.region = asked.region and c.name = asked.name
    ${upgradeOfIt}`,
};
const versionsByAccount: Statement = {
  name: 'cluster versions by account',
  text: `select c.account, c.id, ${version} from ${named('clusters')} c ${upgradeOfIt}
    where c.account = any ($1::text[]) order by c.created_at, c.id`,
};

// Not all columns: a statement that was prepared would break when another server's migration adds one.
const clusterColumns = [
  ...['id', 'account', 'engine', 'origin', 'name', 'description', 'region', 'tags', 'spec', 'sealed_secrets', 'provisioning'],
  ...['delete_after', 'created_at', 'updated_at'],
];
export const upgradeColumns = [
  ...['id', 'cluster_id', 'plan_id', 'from_release', 'to_release', 'status', 'intent', 'generation', 'reason', 'ledger'],
  ...['recorded', 'acknowledged', 'started_by', 'created_at', 'updated_at', 'ended_at'],
] as const;
const wanted = [
  ...clusterColumns.map((column) => `c.${column}`),
  ...upgradeColumns.map((column) => `u.${column} as u_${column}`),
];
/** One statement: the cluster and its upgrade as they were at one moment. */
const wholeRows: Statement = {
  name: 'clusters with their upgrades',
  text: `select ${wanted.join(', ')}, ${version} from ${named('clusters')} c ${upgradeOfIt} where c.id = any ($1::text[])`,
};

interface Version {
  readonly id: string;
  readonly version: string;
}

interface Placed extends Version {
  readonly place: string;
}

type Whole = Selectable<Tables['clusters']> & { readonly version: string } & Readonly<Record<`u_${string}`, unknown>>;

/** Clusters with their unfinished upgrades, in the order in which they are asked for. */
export interface ClusterReads {
  byId(ids: readonly string[]): Promise<readonly (WithUpgrade | Error | undefined)[]>;
  byName(names: readonly ClusterName[]): Promise<readonly (WithUpgrade | Error | undefined)[]>;
  /** Of each account all of them, oldest first. */
  ofAccounts(accounts: readonly string[]): Promise<readonly (readonly WithUpgrade[] | Error)[]>;
}

export function clusterReads(pool: Pool, box: SecretBox): ClusterReads {
  const kept = new Kept<WithUpgrade>(keptMax);
  /** Of each account as it was told last: the very same list while nothing in it has changed. */
  const lists = new Map<string, readonly WithUpgrade[]>();

  async function fresh(versions: readonly Version[]): Promise<ReadonlyMap<string, WithUpgrade | Error>> {
    const found = new Map<string, WithUpgrade | Error>();
    const changed = new Set<string>();
    for (const { id, version: now } of versions) {
      const known = kept.get(id, now);
      if (known === undefined) changed.add(id);
      else found.set(id, known);
    }
    if (changed.size > 0)
      for (const row of await rowsOf<Whole>(pool, wholeRows, [[...changed]])) {
        const whole = orError(() => fromRow(row, box));
        if (!(whole instanceof Error)) kept.set(row.id, row.version, whole);
        found.set(row.id, whole);
      }
    return found;
  }

  async function inPlace(versions: readonly Placed[], count: number): Promise<readonly (WithUpgrade | Error | undefined)[]> {
    const found = await fresh(versions);
    const answers: (WithUpgrade | Error | undefined)[] = Array.from({ length: count });
    for (const { place, id } of versions) answers[Number(place) - 1] = found.get(id);
    return answers;
  }

  return {
    byId: async (ids) => inPlace(await rowsOf<Placed>(pool, versionsById, [ids]), ids.length),
    byName: async (names) => {
      const lists = (['account', 'engine', 'region', 'name'] as const).map((part) => names.map((one) => one[part]));
      return inPlace(await rowsOf<Placed>(pool, versionsByName, lists), names.length);
    },
    ofAccounts: async (accounts) => {
      const versions = await rowsOf<Version & { readonly account: string }>(pool, versionsByAccount, [accounts]);
      const found = await fresh(versions);
      return accounts.map((account) => listOf(account, versions, found));
    },
  };

  function listOf(
    account: string,
    versions: readonly (Version & { readonly account: string })[],
    found: ReadonlyMap<string, WithUpgrade | Error>,
  ): readonly WithUpgrade[] | Error {
    const clusters = versions.filter((one) => one.account === account).flatMap(({ id }) => found.get(id) ?? []);
    const wrong = clusters.find((one) => one instanceof Error);
    if (wrong !== undefined) return wrong;
    const list = clusters as readonly WithUpgrade[];
    const before = lists.get(account);
    if (before?.length === list.length && before.every((one, index) => one === list[index])) return before;
    lists.set(account, list);
    return list;
  }
}

function fromRow(row: Whole, box: SecretBox): WithUpgrade {
  const upgrade = Object.fromEntries(upgradeColumns.map((column) => [column, row[`u_${column}`]]));
  return {
    cluster: clusterFromRow(row, box),
    upgrade: upgrade.id === null ? null : upgradeFromRow(upgrade as unknown as Selectable<Tables['upgrades']>),
  };
}
