import { compareVersions, majorOf } from '../../../domain/index.ts';
import { copiesOf, dataNodesOf, effective, indexOf, isActive, isOn, masterOf, memberById, primaryOf } from './cluster-state.ts';
import type { ShardCopy, SimCluster, SimProcess, World } from './model.ts';

/** What one decider says about a copy on a node, by the names that allocation explain shows. */
export interface Verdict {
  readonly decider: string;
  readonly decision: 'NO' | 'THROTTLE';
  readonly explanation: string;
}

interface Question {
  readonly world: World;
  readonly cluster: SimCluster;
  readonly copy: ShardCopy;
  readonly node: SimProcess;
  /** A copy that has a place and is asked for another one. */
  readonly moving: boolean;
}

type Decider = (question: Question) => Verdict | null;

/** Every objection to the copy on the node; empty when it may go there. */
export function objections(question: Question): readonly Verdict[] {
  return deciders.flatMap((decider) => decider(question) ?? []);
}

function no(decider: string, explanation: string): Verdict {
  return { decider, decision: 'NO', explanation };
}

const maxRetry: Decider = ({ copy }) => {
  const failed = copy.unassigned?.failedAttempts ?? 0;
  if (failed < 5) return null;
  return no(
    'max_retry',
    `shard has exceeded the maximum number of retries [5] on failed allocation attempts - manually call [/_cluster/reroute?retry_failed=true] to retry, [unassigned_info[[reason=ALLOCATION_FAILED], failed_attempts[${failed}]]]`,
  );
};

const replicaAfterPrimary: Decider = ({ cluster, copy }) => {
  if (copy.primary) return null;
  const primary = primaryOf(cluster, copy.index, copy.shard);
  return primary !== undefined && isActive(primary)
    ? null
    : no('replica_after_primary_active', 'primary shard for this replica is not yet active');
};

const sameShard: Decider = ({ world, cluster, copy, node }) => {
  const there = copiesOf(cluster, copy.index, copy.shard).some((other) => isOn(other, node.nodeId));
  if (!there) return null;
  return no(
    'same_shard',
    masterMajor(world, cluster) >= 7
      ? 'a copy of this shard is already allocated to this node'
      : 'the shard cannot be allocated to the same node on which a copy of the shard already exists',
  );
};

/** The master words what deciders say. */
function masterMajor(world: World, cluster: SimCluster): number {
  return majorOf(masterOf(world, cluster)?.release.version ?? '5.0.0');
}

/** A newer version may write what an older one cannot read. */
const nodeVersion: Decider = ({ world, cluster, copy, node, moving }) => {
  if (copy.primary && !moving) return null;
  const source = copy.primary ? copy : primaryOf(cluster, copy.index, copy.shard);
  const holder = memberById(world, cluster, source?.nodeId ?? null);
  if (holder === undefined || compareVersions(node.release.version, holder.release.version) >= 0) return null;
  if (masterMajor(world, cluster) <= 5) {
    const versions = `target node version [${node.release.version}] is older than the source node version [${holder.release.version}]`;
    return no('node_version', versions);
  }
  return copy.primary
    ? no(
        'node_version',
        `cannot relocate primary shard from a node with version [${holder.release.version}] to a node with older version [${node.release.version}]`,
      )
    : no(
        'node_version',
        `cannot allocate replica shard to a node with version [${node.release.version}] since this is older than the primary version [${holder.release.version}]`,
      );
};

/** What the newer one writes the older one cannot read: masters of 8 and later ask for it beside the version of the node. */
const indexVersion: Decider = ({ world, cluster, copy, node, moving }) => {
  if (copy.primary || moving || masterMajor(world, cluster) < 8) return null;
  const holder = memberById(world, cluster, primaryOf(cluster, copy.index, copy.shard)?.nodeId ?? null);
  const [own, its] = [minorOf(node.release.version), minorOf(holder?.release.version ?? '0.0.0')];
  if (compareVersions(own, its) >= 0) return null;
  return no(
    'index_version',
    `cannot allocate replica shard to a node with index version [${own}] since this is older than the primary index version [${its}]`,
  );
};

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

const enable: Decider = ({ cluster, copy, moving }) => {
  if (moving) return null;
  const setting = effective(cluster, 'cluster.routing.allocation.enable');
  const own = indexOf(cluster, copy).settings['index.routing.allocation.enable'];
  const value = (own ?? setting ?? 'all').toLowerCase();
  if (value === 'all') return null;
  const isNew = copy.primary && (indexOf(cluster, copy).inSync.get(copy.shard)?.length ?? 0) === 0;
  if (copy.primary && (value === 'primaries' || (value === 'new_primaries' && isNew))) return null;
  const where =
    own === undefined
      ? `cluster setting [cluster.routing.allocation.enable=${value}]`
      : `index setting [index.routing.allocation.enable=${value}]`;
  if (value === 'none') return no('enable', `no allocations are allowed due to ${where}`);
  return no('enable', `${copy.primary ? 'non-new primary' : 'replica'} allocations are forbidden due to ${where}`);
};

const filter: Decider = ({ cluster, copy, node }) => {
  const settings = { ...cluster.persistent, ...cluster.transient };
  const cut = filterObjection('cluster.routing.allocation', settings, node);
  return cut ?? filterObjection('index.routing.allocation', indexOf(cluster, copy).settings, node);
};

function filterObjection(prefix: string, settings: Readonly<Record<string, string>>, node: SimProcess): Verdict | null {
  const level = prefix.startsWith('index') ? 'index' : 'cluster';
  const entries = Object.entries(settings);
  for (const kind of ['require', 'include', 'exclude'] as const) {
    const wanted = entries.flatMap(([name, value]) =>
      name.startsWith(`${prefix}.${kind}.`) && value !== ''
        ? [{ attribute: name.slice(`${prefix}.${kind}.`.length), value }]
        : [],
    );
    if (wanted.length === 0) continue;
    const hits = wanted.map(({ attribute, value }) =>
      value.split(',').some((pattern) => matches(attributeOf(node, attribute), pattern.trim())),
    );
    const bad = kind === 'require' ? !hits.every(Boolean) : kind === 'include' ? !hits.some(Boolean) : hits.some(Boolean);
    if (!bad) continue;
    const shown = wanted.map(({ attribute, value }) => `${attribute}:"${value}"`).join(' OR ');
    return no(
      'filter',
      `node ${kind === 'exclude' ? 'matches' : 'does not match'} ${level} setting [${prefix}.${kind}] filters [${shown}]`,
    );
  }
  return null;
}

function attributeOf(node: SimProcess, attribute: string): string {
  if (attribute === '_name') return node.name;
  if (attribute === '_id') return node.nodeId;
  if (attribute === '_ip' || attribute === '_host' || attribute === '_host_ip') return '127.0.0.1';
  return node.settings[`node.attr.${attribute}`] ?? '';
}

function matches(value: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(value);
}

/** The attributes by which copies are kept apart: a cluster setting, or the nodes' own. */
export function awarenessAttributes(cluster: SimCluster, node: SimProcess): readonly string[] {
  const name = 'cluster.routing.allocation.awareness.attributes';
  return (effective(cluster, name) ?? node.settings[name] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

const awareness: Decider = ({ world, cluster, copy, node }) => {
  for (const attribute of awarenessAttributes(cluster, node)) {
    const value = node.settings[`node.attr.${attribute}`];
    if (value === undefined)
      return no(
        'awareness',
        `node does not contain the awareness attribute [${attribute}]; required attributes cluster setting [cluster.routing.allocation.awareness.attributes=${attribute}]`,
      );
    const forcedName = `cluster.routing.allocation.awareness.force.${attribute}.values`;
    const forced = (effective(cluster, forcedName) ?? node.settings[forcedName] ?? '').split(',').map((part) => part.trim());
    const zones = new Set([
      ...dataNodesOf(world, cluster).flatMap((other) => other.settings[`node.attr.${attribute}`] ?? []),
      ...forced.filter((part) => part !== ''),
    ]);
    const copies = copiesOf(cluster, copy.index, copy.shard);
    const inZone = copies.filter((other) => {
      if (other === copy) return false;
      const holder = memberById(world, cluster, other.relocatingTo ?? other.nodeId);
      return holder?.settings[`node.attr.${attribute}`] === value;
    }).length;
    const most = Math.ceil(copies.length / zones.size);
    if (inZone + 1 > most)
      return no(
        'awareness',
        `there are too many copies of the shard allocated to nodes with attribute [${attribute}], there are [${copies.length}] total configured shard copies for this shard id and [${zones.size}] total attribute values, expected the allocated shard count per attribute [${inZone + 1}] to be less than or equal to the upper bound of the required number of shards per attribute [${most}]`,
      );
  }
  return null;
};

const shardsLimit: Decider = ({ cluster, copy, node }) => {
  const limit = Number(indexOf(cluster, copy).settings['index.routing.allocation.total_shards_per_node'] ?? -1);
  if (limit < 0) return null;
  const here = cluster.copies.filter((other) => other.index === copy.index && isOn(other, node.nodeId)).length;
  if (here < limit) return null;
  return no(
    'shards_limit',
    `too many shards [${here}] allocated to this node for index [${copy.index}], index setting [index.routing.allocation.total_shards_per_node=${limit}]`,
  );
};

const diskThreshold: Decider = ({ world, cluster, node }) => {
  const used = world.folders.get(node.folder)?.diskUsedPercent ?? 0;
  const low = effective(cluster, 'cluster.routing.allocation.disk.watermark.low') ?? '85%';
  const limit = low.endsWith('%') ? Number(low.slice(0, -1)) : Number(low) <= 1 ? Number(low) * 100 : 100;
  if (used <= limit) return null;
  return no(
    'disk_threshold',
    `the node is above the low watermark cluster setting [cluster.routing.allocation.disk.watermark.low=${low}], using more disk space than the maximum allowed [${limit}%], actual free: [${100 - used}%]`,
  );
};

const throttling: Decider = ({ cluster, copy, node, moving }) => {
  const at = (nodeId: string) =>
    cluster.copies.filter(
      (other) => (other.state === 'INITIALIZING' && other.nodeId === nodeId) || other.relocatingTo === nodeId,
    );
  const own = copy.primary && !moving;
  const name = own ? 'node_initial_primaries_recoveries' : 'node_concurrent_recoveries';
  const most = Number(effective(cluster, `cluster.routing.allocation.${name}`) ?? (own ? 4 : 2));
  const running = at(node.nodeId).filter((other) => (other.state === 'INITIALIZING' && other.primary) === own).length;
  if (running < most) return null;
  return {
    decider: 'throttling',
    decision: 'THROTTLE',
    explanation: `reached the limit of incoming shard recoveries [${running}], cluster setting [cluster.routing.allocation.${name}=${most}]`,
  };
};

const deciders: readonly Decider[] = [
  maxRetry,
  replicaAfterPrimary,
  enable,
  indexVersion,
  nodeVersion,
  filter,
  sameShard,
  diskThreshold,
  throttling,
  shardsLimit,
  awareness,
];
