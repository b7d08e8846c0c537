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

/** At about ten kB each. */
const keptMax = 4_000;

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

// Not all columns: a statement that was prepared would break when another server's migration adds one.
const clusterColumns = [
  ...['id', 'account', 'engine', 'origin', 'name', 'description', 'region', 'tags', 'spec', 'sealed_secrets', 'provisioning'],
  ...['delete_after', 'created_at', 'updated_at'],
];
const upgradeColumns = [
  ...['id', 'cluster_id', 'plan_id', 'from_release', 'to_release', 'status', 'intent', 'generation', 'reason', 'ledger'],
  ...['recorded', 'acknowledged', 'started_by', 'created_at', 'updated_at', 'ended_at'],
];
const wanted = [
  ...clusterColumns.map((column) => `c.${column}`),
  ...upgradeColumns.map((column) => `u.${column} as u_${column}`),
];
/** One statement: the cluster and its upgrade as they were at one moment. */
const wholeRows: Statement = {
  name: 'clusters with their upgrades',
  text: `select ${wanted.join(', ')}, ${version} from ${named('clusters')} c ${upgradeOfIt} where c.id = any ($1::text[])`,
};

interface Versioned {
  readonly place: string;
  readonly id: string;
  readonly version: string;
}

type Whole = Selectable<Tables['clusters']> & { readonly version: string } & Readonly<Record<`u_${string}`, unknown>>;

/** Clusters with their unfinished upgrades, in the order in which they are asked for. */
export interface ClusterReads {
  byId(ids: readonly string[]): Promise<readonly (WithUpgrade | Error | undefined)[]>;
  byName(names: readonly ClusterName[]): Promise<readonly (WithUpgrade | Error | undefined)[]>;
}

export function clusterReads(pool: Pool, box: SecretBox): ClusterReads {
  const kept = new Kept<WithUpgrade>(keptMax);

  async function fresh(versions: readonly Versioned[], count: number): Promise<readonly (WithUpgrade | Error | undefined)[]> {
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
    const answers: (WithUpgrade | Error | undefined)[] = Array.from({ length: count });
    for (const { place, id } of versions) answers[Number(place) - 1] = found.get(id);
    return answers;
  }

  return {
    byId: async (ids) => fresh(await rowsOf<Versioned>(pool, versionsById, [ids]), ids.length),
    byName: async (names) => {
      const lists = (['account', 'engine', 'region', 'name'] as const).map((part) => names.map((one) => one[part]));
      return fresh(await rowsOf<Versioned>(pool, versionsByName, lists), names.length);
    },
  };
}

function fromRow(row: Whole, box: SecretBox): WithUpgrade {
  const upgrade = Object.fromEntries(upgradeColumns.map((column) => [column, row[`u_${column}`]]));
  return {
    cluster: clusterFromRow(row, box),
    upgrade: upgrade.id === null ? null : upgradeFromRow(upgrade as unknown as Selectable<Tables['upgrades']>),
  };
}
