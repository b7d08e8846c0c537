import { majorOf } from '../../../domain/index.ts';
import {
  dataNodesOf,
  durationMs,
  flattenChanges,
  type HealthCounts,
  healthCounts,
  isActive,
  isAtLeast,
  masterOf,
  membersOf,
  nest,
  refuseClusterSetting,
  reroute,
  type SimCluster,
  touch,
} from '../world/index.ts';
import {
  type Answer,
  type Call,
  failure,
  flag,
  type Handler,
  illegalArgument,
  indexNotFound,
  noMaster,
  ok,
  record,
  type Site,
} from './answer.ts';
import { resolveIndices } from './names.ts';
import { shardsOf } from './state-api.ts';

const defaultTimeoutMs = 30_000;
const mayBeMissing =
  'please check that any required plugins are installed, or check the breaking changes documentation for removed settings';
const mustBeRemoved = 'was archived after upgrading, and must be removed.';

export const health: Handler = async (call, site) => {
  const timeoutMs = call.query.timeout === undefined ? defaultTimeoutMs : durationMs(call.query.timeout);
  const { cluster } = site;
  if (!(await site.until(() => cluster.masterNodeId !== null, timeoutMs))) return noMaster();
  const asked = () => {
    const found = resolveIndices(cluster, call.path[2]);
    return cluster.copies.filter(
      (copy) => call.path[2] === undefined || found.indices.some((index) => index.name === copy.index),
    );
  };
  const met = await site.until(() => waitedFor(call, site, healthCounts(asked(), site.world.nowMs)), timeoutMs);
  const counts = healthCounts(asked(), site.world.nowMs);
  return ok(healthBody(site, counts, !met), met ? 200 : 408);
};

function waitedFor(call: Call, site: Site, counts: HealthCounts): boolean {
  const order = ['red', 'yellow', 'green'];
  const { wait_for_status: status, wait_for_nodes: nodes, wait_for_no_relocating_shards: relocating } = call.query;
  const [, compare, number] = /^(>=|<=|>|<)?(\d+)$/.exec(nodes ?? '') ?? [];
  const there = site.cluster.members.size;
  const enough =
    number === undefined ||
    (compare === '>='
      ? there >= Number(number)
      : compare === '<='
        ? there <= Number(number)
        : compare === '>'
          ? there > Number(number)
          : compare === '<'
            ? there < Number(number)
            : there === Number(number));
  return (
    site.cluster.masterNodeId !== null &&
    enough &&
    (status === undefined || order.indexOf(counts.status) >= order.indexOf(status)) &&
    (relocating !== 'true' || counts.relocating === 0) &&
    (call.query.wait_for_no_initializing_shards !== 'true' || counts.initializing === 0)
  );
}

export function healthBody(site: Site, counts: HealthCounts, timedOut: boolean) {
  const total = counts.active + counts.initializing + counts.unassigned;
  return {
    cluster_name: site.cluster.name,
    status: counts.status,
    timed_out: timedOut,
    number_of_nodes: site.cluster.members.size,
    number_of_data_nodes: dataNodesOf(site.world, site.cluster).length,
    active_primary_shards: counts.activePrimaries,
    active_shards: counts.active,
    relocating_shards: counts.relocating,
    initializing_shards: counts.initializing,
    unassigned_shards: counts.unassigned,
    ...(isAtLeast(site.node.release.version, '8.16.0') ? { unassigned_primary_shards: counts.unassignedPrimaries } : {}),
    delayed_unassigned_shards: counts.delayed,
    number_of_pending_tasks: 0,
    number_of_in_flight_fetch: 0,
    task_max_waiting_in_queue_millis: 0,
    active_shards_percent_as_number: total === 0 ? 100 : (counts.active * 100) / total,
  };
}

export const getSettings: Handler = (call, { cluster }) => {
  const show = (settings: Readonly<Record<string, string>>) => (flag(call, 'flat_settings') ? settings : nest(settings));
  const defaults = flag(call, 'include_defaults') ? { defaults: show(defaultSettings) } : {};
  return ok({ persistent: show(cluster.persistent), transient: show(cluster.transient), ...defaults });
};

const defaultSettings = {
  'cluster.routing.allocation.enable': 'all',
  'cluster.routing.rebalance.enable': 'all',
  'cluster.routing.allocation.disk.watermark.low': '85%',
  'cluster.routing.allocation.disk.watermark.high': '90%',
  'cluster.routing.allocation.disk.watermark.flood_stage': '95%',
};

export const putSettings: Handler = (call, site) => {
  const { cluster } = site;
  const master = masterOf(site.world, cluster);
  if (master === undefined) return noMaster();
  const { version } = master.release;
  const persistent = flattenChanges(record(call.body).persistent);
  const transient = flattenChanges(record(call.body).transient);
  if (Object.keys(persistent).length + Object.keys(transient).length === 0)
    return failure(400, 'action_request_validation_exception', 'Validation Failed: 1: no settings to update;');
  for (const [level, changes] of [
    ['transient', transient],
    ['persistent', persistent],
  ] as const) {
    for (const [name, value] of Object.entries(changes)) {
      const refused = refuseClusterSetting(level, name, value, version);
      if (refused !== null) return illegalArgument(refused);
    }
  }
  const obstacle = archivedObstacle(cluster, persistent, version);
  if (obstacle !== null) return illegalArgument(obstacle);
  site.journal.settingsWrites.push({ cluster: cluster.name, persistent, transient, atMs: site.nowWallMs() });
  apply(cluster.persistent, persistent);
  apply(cluster.transient, transient);
  touch(cluster, site.moment());
  reroute(site.world, cluster, site.moment());
  const show = (changes: Readonly<Record<string, string | null>>) => {
    const set = Object.fromEntries(Object.entries(changes).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
    return flag(call, 'flat_settings') ? set : nest(set);
  };
  return ok({ acknowledged: true, persistent: show(persistent), transient: show(transient) });
};

function archivedObstacle(cluster: SimCluster, changes: Readonly<Record<string, string | null>>, version: string): string | null {
  const archived = Object.keys(cluster.persistent).find((name) => name.startsWith('archived.') && !removes(changes, name));
  return archived === undefined ? null : `unknown setting [${archived}] ${majorOf(version) >= 8 ? mustBeRemoved : mayBeMissing}`;
}

function removes(changes: Readonly<Record<string, string | null>>, name: string): boolean {
  return Object.entries(changes).some(
    ([pattern, value]) =>
      value === null && (pattern === name || (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)))),
  );
}

function apply(settings: Record<string, string>, changes: Readonly<Record<string, string | null>>): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value !== null) settings[name] = value;
    for (const existing of value === null ? Object.keys(settings) : [])
      if (removes({ [name]: null }, existing)) delete settings[existing];
  }
}

export const pendingTasks: Handler = () => ok({ tasks: [] });

export const flush: Handler = (call, { cluster, node }) => {
  const synced = call.path.at(-1) === 'synced';
  if (synced && majorOf(node.release.version) >= 8)
    return { status: 400, body: { error: `no handler found for uri [/${call.path.join('/')}] and method [${call.method}]` } };
  const expression = call.path[0] === '_flush' ? undefined : call.path[0];
  const found = resolveIndices(cluster, expression);
  if (found.missing !== null) return indexNotFound(found.missing, node.release.version);
  const open = found.indices.filter((index) => index.state === 'open').map((index) => index.name);
  const copies = cluster.copies.filter((copy) => open.includes(copy.index));
  const shards = { total: copies.length, successful: copies.filter(isActive).length, failed: 0 };
  return ok({ _shards: shards, ...(synced ? Object.fromEntries(open.map((name) => [name, shardsOf(cluster, [name])])) : {}) });
};

/** Voting exclusions, 7 and later. */
export const votingExclusions: Handler = (call, site): Answer => {
  if (majorOf(site.node.release.version) < 7) return { status: 400, body: { error: 'request body is required', status: 400 } };
  if (call.method === 'DELETE') site.cluster.votingExclusions = [];
  else {
    const names = (call.query.node_names ?? call.path[2] ?? '').split(',');
    const ids = membersOf(site.world, site.cluster)
      .filter((node) => names.includes(node.name))
      .map((node) => node.nodeId);
    site.cluster.votingExclusions = [...new Set([...site.cluster.votingExclusions, ...ids])];
  }
  touch(site.cluster, site.moment());
  return ok({});
};
