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
  readonly support: Support;
  readonly members: number;
  readonly zones: number;
  readonly status: Cluster['status'];
  /** Why it is so: of the cluster itself, or of its upgrade. */
  readonly because: string | null;
  readonly upgrade: Upgrade | null;
}

type Dates = ReadonlyMap<string, ReleaseList['releases'][number]>;

export interface Seen {
  readonly clusters: readonly Cluster[];
  readonly upgrades: readonly Upgrade[];
  readonly releases: readonly ReleaseList[];
  readonly nowMs: number;
}

export function rowsOf({ clusters, upgrades, releases, nowMs }: Seen): readonly Row[] {
  const upgradeOf = new Map(upgrades.map((upgrade) => [upgrade.clusterId, upgrade]));
  const dates: Dates = new Map(
    releases.flatMap((list) => list.releases.map((release) => [`${list.engine} ${release.version}`, release] as const)),
  );
  return clusters.map((cluster) => rowOf(cluster, upgradeOf.get(cluster.id) ?? null, dates, nowMs));
}

function rowOf(cluster: Cluster, upgrade: Upgrade | null, dates: Dates, nowMs: number): Row {
  const dated = dates.get(`${cluster.engine} ${cluster.release.version}`);
  return {
    id: cluster.id,
    name: cluster.name,
    engine: cluster.engine,
    region: cluster.region,
    isSimulated: cluster.tags['clusterlift:simulated'] === 'true',
    release: cluster.release,
    support: dated === undefined ? { kind: 'not-dated' } : supportOf(dated, nowMs),
    members: cluster.nodes.length,
    zones: new Set(cluster.nodes.flatMap(({ zone }) => (zone === null ? [] : [zone]))).size,
    status: cluster.status,
    because: upgrade?.reason?.says ?? cluster.statusReason,
    upgrade,
  };
}

/** What is asked of a list of clusters most often. */
export const filters = {
  all: { name: 'All', holds: () => true },
  upgrading: { name: 'Upgrade under way', holds: ({ upgrade }: Row) => upgrade !== null },
  person: {
    name: 'Need a person',
    holds: ({ status }: Row) => ['stopped', 'gated', 'paused', 'failed'].includes(status),
  },
  support: {
    name: 'Support ends soon',
    holds: ({ support }: Row) =>
      support.kind === 'ended' || support.kind === 'extended' || (support.kind === 'standard' && support.days <= soonDays),
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
function endOf(support: Support): number {
  switch (support.kind) {
    case 'ended':
      return Date.parse(support.since);
    case 'standard':
    case 'extended':
      return Date.parse(support.until);
    case 'to-come':
    case 'not-dated':
      return Number.MAX_SAFE_INTEGER;
  }
}
