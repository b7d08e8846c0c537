/** What the overview shows of each cluster, and how it is searched, filtered and put in order. */
import type { Cluster, Release, ReleaseList, Upgrade } from '../../api/types.ts';
import { type Support, supportOf } from '../releases/support.ts';

export interface Row {
  readonly id: string;
  readonly name: string;
  readonly engine: Cluster['engine'];
  readonly region: string;
  readonly isSimulated: boolean;
  readonly release: Release;
  /** Null until the catalog was read. */
  readonly support: Support | null;
  readonly members: number;
  readonly zones: number;
  readonly status: Cluster['status'];
  /** Why it is so: of the cluster itself, or of its upgrade. */
  readonly because: string | null;
  /** Its unfinished upgrade, known from the cluster before it was read itself. */
  readonly upgradeId: string | null;
  readonly upgrade: Upgrade | null;
}

type Dates = ReadonlyMap<string, ReleaseList['releases'][number]>;

export interface Seen {
  readonly clusters: readonly Cluster[];
  readonly upgrades: readonly Upgrade[];
  /** Of each engine whose catalog was read. */
  readonly releases: readonly ReleaseList[];
  readonly nowMs: number;
}

export function rowsOf({ clusters, upgrades, releases, nowMs }: Seen): readonly Row[] {
  const upgradeOf = new Map(upgrades.map((upgrade) => [upgrade.clusterId, upgrade]));
  const dates: Dates = new Map(
    releases.flatMap((list) => list.releases.map((release) => [`${list.engine} ${release.version}`, release] as const)),
  );
  const read = new Set(releases.map(({ engine }) => engine));
  return clusters.map((cluster) => {
    const dated = dates.get(`${cluster.engine} ${cluster.release.version}`);
    const support = dated === undefined ? ({ kind: 'not-dated' } as const) : supportOf(dated, nowMs);
    return rowOf(cluster, upgradeOf.get(cluster.id) ?? null, read.has(cluster.engine) ? support : null);
  });
}

function rowOf(cluster: Cluster, upgrade: Upgrade | null, support: Support | null): Row {
  return {
    id: cluster.id,
    name: cluster.name,
    engine: cluster.engine,
    region: cluster.region,
    isSimulated: cluster.tags['clusterlift:simulated'] === 'true',
    release: cluster.release,
    support,
    members: cluster.nodes.length,
    zones: new Set(cluster.nodes.flatMap(({ zone }) => (zone === null ? [] : [zone]))).size,
    status: cluster.status,
    because: upgrade?.reason?.says ?? cluster.statusReason,
    upgradeId: upgrade?.id ?? cluster.upgradeId,
    upgrade,
  };
}

/** What is asked of a list of clusters most often. */
export const filters = {
  all: { name: 'All', holds: () => true },
  upgrading: { name: 'Upgrade under way', holds: ({ upgradeId }: Row) => upgradeId !== null },
  person: {
    name: 'Need a person',
    holds: ({ status }: Row) => ['stopped', 'gated', 'paused', 'failed'].includes(status),
  },
  support: {
    name: 'Support ends soon',
    holds: ({ support }: Row) =>
      support?.kind === 'ended' || support?.kind === 'extended' || (support?.kind === 'standard' && support.days <= soonDays),
  },
} as const;

/** A quarter of a year is what it takes to plan and make an upgrade without haste. */
export const soonDays = 90;

export type FilterName = keyof typeof filters;
export type SortName = 'name' | 'engine' | 'release' | 'support' | 'members' | 'status';

export interface View {
  readonly search: string;
  readonly filter: FilterName;
  readonly sort: SortName;
  readonly isDescending: boolean;
}

export function shown(rows: readonly Row[], { search, filter, sort, isDescending }: View): readonly Row[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => filters[filter].holds(row) && words.every((word) => textOf(row).includes(word)));
  const order = orders[sort];
  // Equal ones always stand in the same order, by name.
  return found.sort((a, b) => (isDescending ? order(b, a) : order(a, b)) || byName(a, b));
}

function textOf({ id, name, engine, region, release, status, upgrade }: Row): string {
  const to = upgrade === null ? '' : `${upgrade.to.version} ${upgrade.to.build ?? ''}`;
  return `${name} ${id} ${engine} ${region} ${release.version} ${release.build ?? ''} ${status} ${to}`.toLowerCase();
}

type Order = (a: Row, b: Row) => number;
const texts = new Intl.Collator('en', { numeric: true });
const byName: Order = (a, b) => texts.compare(a.name, b.name);

/** What needs a person first. */
const urgency: readonly Cluster['status'][] = [
  'stopped',
  'failed',
  'gated',
  'paused',
  'upgrading',
  'creating',
  'deleting',
  'awaited',
  'active',
];

const orders: Readonly<Record<SortName, Order>> = {
  name: byName,
  engine: (a, b) => texts.compare(a.engine, b.engine),
  release: (a, b) => texts.compare(a.engine, b.engine) || texts.compare(a.release.version, b.release.version),
  support: (a, b) => endOf(a.support) - endOf(b.support),
  members: (a, b) => a.members - b.members,
  status: (a, b) => urgency.indexOf(a.status) - urgency.indexOf(b.status),
};

/** Of what is not dated nothing is urgent. */
function endOf(support: Support | null): number {
  switch (support?.kind) {
    case 'ended':
      return Date.parse(support.since);
    case 'standard':
    case 'extended':
      return Date.parse(support.until);
    case 'to-come':
    case 'not-dated':
    case undefined:
      return Number.MAX_SAFE_INTEGER;
  }
}
