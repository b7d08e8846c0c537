/** Situations of a cluster at one version, in which nothing moves. Each makes what it needs and leaves the rest as it was. */
import { array, object, pick, refusal, type Told } from '../answers.ts';
import type { Situation } from './situation.ts';
import { isAtLeast, xpack } from './situation.ts';
import type { Subject } from './subject.ts';

const healthFields = [
  'status',
  'timed_out',
  'number_of_nodes',
  'number_of_data_nodes',
  'active_primary_shards',
  'active_shards',
  'relocating_shards',
  'initializing_shards',
  'unassigned_shards',
  'delayed_unassigned_shards',
  'number_of_in_flight_fetch',
];

export function health({ status, body }: Told): unknown {
  const kinds = pick(body, ['number_of_pending_tasks', 'task_max_waiting_in_queue_millis']);
  const numbers = Object.fromEntries(Object.entries(kinds).map(([name, value]) => [name, typeof value]));
  return { status, body: { ...pick(body, healthFields), ...numbers } };
}

const anIndex = (shards: number, replicas: number, more: Readonly<Record<string, unknown>> = {}) => ({
  settings: { number_of_shards: shards, number_of_replicas: replicas, ...more },
});

/** Makes an index, waits until nothing of it moves, and takes it away again. */
async function withIndex<T>(subject: Subject, name: string, replicas: number, tell: () => Promise<T>): Promise<T> {
  await subject.must('PUT', `/${name}`, anIndex(1, replicas));
  const active = Math.min(2, replicas + 1);
  await subject.until('its copies are there', `/_cluster/health/${name}`, (body) => body.active_shards === active);
  await quiet(subject);
  try {
    return await tell();
  } finally {
    await subject.must('DELETE', `/${name}`);
  }
}

export async function quiet(subject: Subject): Promise<void> {
  await subject.until(
    'nothing moves',
    '/_cluster/health',
    (body) => body.initializing_shards === 0 && body.relocating_shards === 0 && body.number_of_in_flight_fetch === 0,
  );
}

/** Of a node, what the engine reads; of its settings those that it was given, of its attributes none that only says that it is simulated. */
export function node(value: unknown): unknown {
  const told = object(value);
  const { simulated: _simulated, 'xpack.installed': _installed, ...attributes } = object(told.attributes);
  return {
    ...pick(told, ['name', 'version', 'build_flavor']),
    roles: [...array(told.roles)].sort(),
    attributes,
    settings: pick(object(told.settings).node, ['name', 'master', 'data', 'ingest', 'roles']),
    process: typeof object(told.process).id,
    java: typeof object(told.jvm).version,
    flags: array(object(told.jvm).input_arguments).filter((flag) => /^-Xm[sx]/.test(String(flag))),
    plugins: array(told.plugins),
    modules: array(told.modules).length > 0,
  };
}

function stats(value: unknown): unknown {
  const { jvm, fs } = object(value);
  const [data] = array(object(fs).data);
  return {
    heap_used_percent: typeof object(object(jvm).mem).heap_used_percent,
    data: Object.entries(pick(data, ['total_in_bytes', 'available_in_bytes'])).map(([name, bytes]) => [name, typeof bytes]),
  };
}

const looks: readonly Situation[] = [
  {
    name: 'health of a cluster at rest',
    tell: async (subject) => health(await subject.get('/_cluster/health?wait_for_events=languid&timeout=1s')),
  },
  {
    name: 'health waited for in vain',
    tell: async (subject) => health(await subject.get('/_cluster/health?wait_for_nodes=9&timeout=200ms')),
  },
  {
    name: 'the list of nodes',
    tell: async (subject) => {
      const { status, body } = await subject.get('/_nodes/settings,process,jvm,plugins');
      const { _nodes, nodes } = object(body);
      return { status, _nodes, nodes: Object.fromEntries(Object.entries(object(nodes)).map(([id, one]) => [id, node(one)])) };
    },
  },
  {
    name: 'statistics of the nodes',
    tell: async (subject) => {
      const { status, body } = await subject.get('/_nodes/stats/fs,jvm?timeout=1s');
      return {
        status,
        nodes: Object.fromEntries(Object.entries(object(object(body).nodes)).map(([id, one]) => [id, stats(one)])),
      };
    },
  },
  {
    name: 'the state of a cluster without indices',
    tell: async (subject) => {
      const { status, body } = await subject.get('/_cluster/state/master_node,nodes,routing_table,metadata,version,blocks');
      const told = object(body);
      const { metadata, routing_table, blocks, master_node } = told;
      const nodes = Object.entries(object(told.nodes)).map(([id, one]) => [id, typeof object(one).ephemeral_id]);
      return {
        status,
        kinds: Object.fromEntries(
          Object.entries(pick(told, ['cluster_name', 'state_uuid', 'version'])).map(([name, value]) => [name, typeof value]),
        ),
        cluster_name: told.cluster_name,
        master_node,
        nodes: Object.fromEntries(nodes),
        blocks,
        routing_table: pick(routing_table, ['indices']),
        metadata: { ...pick(metadata, ['cluster_uuid', 'indices', 'templates']), votes: votes(metadata) },
      };
    },
  },
  {
    name: 'the master, asked of a node alone',
    tell: (subject) => subject.get('/_cluster/state/master_node?local=true&filter_path=cluster_name,master_node', 'n2'),
  },
  {
    name: 'calls that the distribution lacks',
    tell: async (subject) => {
      const paths = [
        xpack(subject, '/_migration/deprecations').replace('/_xpack/_', '/_xpack/'),
        '/_migration/system_features',
        xpack(subject, '/_ml/info').replace('/_xpack/_', '/_xpack/'),
        `${xpack(subject, '/_ml/anomaly_detectors').replace('/_xpack/_', '/_xpack/')}/_stats`,
        '/_ilm/status',
        '/_nodes/shutdown',
      ];
      const told = await Promise.all(paths.map(async (path) => [path, await featureTold(subject, path)] as const));
      return Object.fromEntries(told);
    },
  },
  { name: 'a path that nobody knows', tell: async (subject) => refusal(await subject.get('/_nothing/of/this/kind')) },
];

/** Which features it names is the distribution's affair. */
async function featureTold(subject: Subject, path: string): Promise<unknown> {
  const told = await subject.get(path);
  return told.status >= 300
    ? refusal(told)
    : { status: told.status, ...pick(told.body, ['migration_status', '_nodes', 'nodes']) };
}

export function votes(metadata: unknown): unknown {
  return pick(object(metadata).cluster_coordination, ['last_committed_config', 'voting_config_exclusions']);
}

const allocation = 'cluster.routing.allocation.enable';

const settings: readonly Situation[] = [
  {
    name: 'settings of the cluster, set, told and taken away',
    tell: async (subject) => {
      const set = await subject.ask('PUT', '/_cluster/settings', {
        persistent: { [allocation]: 'primaries' },
        transient: { 'cluster.routing.rebalance.enable': 'none' },
      });
      const flat = await subject.get('/_cluster/settings?flat_settings=true');
      const nested = await subject.get('/_cluster/settings');
      const removed = await subject.ask('PUT', '/_cluster/settings', {
        persistent: { [allocation]: null },
        transient: { 'cluster.routing.rebalance.*': null },
      });
      return { set, flat, nested, removed, after: await subject.get('/_cluster/settings?flat_settings=true') };
    },
  },
  {
    name: 'settings refused',
    tell: async (subject) => {
      const bodies = {
        unknown: { persistent: { 'no.such.setting': 'x' } },
        'not dynamic': { transient: { 'cluster.name': 'x' } },
        'no such value': { persistent: { [allocation]: 'sometimes' } },
        nothing: {},
      };
      const told = Object.entries(bodies).map(async ([name, body]) => [
        name,
        refusal(await subject.ask('PUT', '/_cluster/settings', body)),
      ]);
      return Object.fromEntries(await Promise.all(told));
    },
  },
  {
    name: 'failed copies tried again',
    tell: async (subject) => {
      const { status, body } = await subject.ask('POST', '/_cluster/reroute?retry_failed=true&metric=none');
      return { status, ...pick(body, ['acknowledged']) };
    },
  },
];

const indices: readonly Situation[] = [
  {
    name: 'an index with a copy too many',
    tell: (subject) =>
      withIndex(subject, 'crowded', 2, async () => {
        const { body } = await subject.get('/_cluster/state/routing_table,metadata,blocks');
        const { settings, state, in_sync_allocations } = object(object(object(object(body).metadata).indices).crowded);
        const asked = { index: 'crowded', shard: 0, primary: false };
        return {
          health: health(await subject.get('/_cluster/health?wait_for_events=languid&timeout=1s')),
          copies: copies(body, 'crowded'),
          settings: ownSettings(settings),
          state,
          inSync: array(object(in_sync_allocations)['0']).length,
          explained: explained(await subject.ask('POST', '/_cluster/allocation/explain', asked)),
        };
      }),
  },
  {
    name: 'an explanation where there is nothing to explain',
    tell: async (subject) => {
      const explain = (body?: unknown) => subject.ask('POST', '/_cluster/allocation/explain', body);
      return {
        unassigned: (refusal(await explain()) as { status: number }).status,
        'an unknown index': refusal(await explain({ index: 'nothing', shard: 0, primary: true })),
      };
    },
  },
  {
    name: 'flushes',
    tell: (subject) =>
      withIndex(subject, 'flushed', 1, async () => {
        const synced = await subject.ask('POST', '/_flush/synced');
        const plain = await subject.ask('POST', '/_flush');
        const unknown = await subject.ask('POST', '/nothing/_flush');
        return { synced: synced.status < 300 ? synced : refusal(synced), plain, unknown: refusal(unknown) };
      }),
  },
  {
    name: 'a closed index',
    tell: (subject) =>
      withIndex(subject, 'shut', 1, async () => {
        const closed = await subject.ask('POST', '/shut/_close');
        // Where closed indices are replicated, too, their copies are started anew.
        await subject.until('its copies are at rest', '/_cluster/state/routing_table', (told) =>
          [told].every((table) => !/"state":"(?!STARTED)/.test(JSON.stringify(table))),
        );
        const { body } = await subject.get('/_cluster/state/routing_table,metadata,blocks');
        const { state } = object(object(object(object(body).metadata).indices).shut);
        const { blocks } = object(body);
        return {
          closed: { status: closed.status, ...pick(closed.body, ['acknowledged']) },
          state,
          blocks,
          copies: copies(body, 'shut'),
        };
      }),
  },
  {
    name: 'recoveries, all and those under way',
    tell: (subject) =>
      withIndex(subject, 'recovered', 1, async () => {
        const all = await subject.get('/_recovery?active_only=false');
        const active = await subject.get('/_recovery?active_only=true');
        const shards = array(object(object(all.body).recovered).shards).map((shard) => ({
          ...pick(shard, ['id', 'type', 'stage', 'primary']),
          target: pick(object(shard).target, ['name']),
          source: pick(object(shard).source, ['name']),
        }));
        const sorted = shards.sort((a, b) => Number(object(b).primary) - Number(object(a).primary));
        return {
          status: all.status,
          types: sorted.map((shard) => ({ ...shard, target: Object.keys(shard.target), source: Object.keys(shard.source) })),
          active,
        };
      }),
  },
  {
    name: 'a primary that is handed over while replica allocation is held',
    tell: (subject) =>
      withIndex(subject, 'handed', 1, async () => {
        await subject.must('PUT', '/_cluster/settings', { persistent: { [allocation]: 'primaries' } });
        const routing = '/_cluster/state/routing_table,metadata,blocks';
        const { node } = object(primaryOf(await subject.raw(routing), 'handed'));
        const cancel = (more: Readonly<Record<string, unknown>>) =>
          subject.ask('POST', '/_cluster/reroute?metric=none', {
            commands: [{ cancel: { index: 'handed', shard: 0, node, ...more } }],
          });
        const without = await cancel({});
        const handed = await cancel({ allow_primary: true });
        const { body } = await subject.get(routing);
        const after = object(primaryOf(await subject.raw(routing), 'handed')).node;
        const again = await cancel({ allow_primary: true });
        const unknown = await cancel({ index: 'nothing', allow_primary: true });
        await subject.must('PUT', '/_cluster/settings', { persistent: { [allocation]: null } });
        await subject.until('both copies are there again', '/_cluster/health/handed', (told) => told.active_shards === 2);
        await quiet(subject);
        const { in_sync_allocations } = object(object(object(object(body).metadata).indices).handed);
        return {
          without: { status: without.status },
          handed: { status: handed.status, ...pick(handed.body, ['acknowledged']) },
          copies: copies(body, 'handed'),
          another: after !== node,
          inSync: array(object(in_sync_allocations)['0']).length,
          again: { status: again.status },
          unknown: { status: unknown.status },
        };
      }),
  },
  {
    name: 'an index made twice',
    tell: (subject) =>
      withIndex(subject, 'twice', 0, async () => {
        const told = await subject.ask('PUT', '/twice', anIndex(1, 0));
        return { status: told.status, ...pick(object(object(told.body).error), ['type']) };
      }),
  },
  { name: 'an index that is not there', tell: async (subject) => refusal(await subject.ask('DELETE', '/nothing')) },
];

/** From 8.11 on the number counts formats of indices: its major alone is a release's. */
export function createdBy(version: unknown): unknown {
  return Number(version) >= 8_500_000 ? `${String(version).slice(0, 1)}.x` : version;
}

/** Settings that differ from run to run are told by their being there. */
function ownSettings(value: unknown): unknown {
  const { creation_date, uuid, routing: _routing, version, ...rest } = object(object(value).index);
  return { ...rest, created: createdBy(object(version).created), kinds: [typeof creation_date, typeof uuid] };
}

/** Copies of a shard as the routing table tells of them: where, in what state and why. */
export function copies(body: unknown, index: string): unknown {
  const { shards } = object(object(object(object(body).routing_table).indices)[index]);
  const all = Object.values(object(shards)).flatMap(array);
  const shown = all.map((copy) => ({
    ...pick(copy, ['state', 'primary', 'shard', 'index']),
    placed: typeof object(copy).node,
    allocation: typeof object(object(copy).allocation_id).id,
    ...(object(copy).unassigned_info === undefined
      ? {}
      : {
          unassigned: pick(object(copy).unassigned_info, ['reason', 'delayed', 'allocation_status']),
          source: object(object(copy).recovery_source).type,
        }),
  }));
  return shown.sort((a, b) => JSON.stringify(b).localeCompare(JSON.stringify(a)));
}

function primaryOf(body: unknown, index: string): unknown {
  const { shards } = object(object(object(object(body).routing_table).indices)[index]);
  return Object.values(object(shards))
    .flatMap(array)
    .find((copy) => object(copy).primary === true);
}

/** Why a copy is not on a node: what the engine reads, with the words that a person sees, without what lists the copy's ids. */
export function explained({ status, body }: Told): unknown {
  const nodes = array(object(body).node_allocation_decisions).map((decision) => ({
    ...pick(decision, ['node_name', 'node_decision']),
    deciders: array(object(decision).deciders)
      .map((decider) => ({
        ...pick(decider, ['decider', 'decision']),
        explanation: String(object(decider).explanation)
          .replace(/ \[\[.*$/, '')
          .replaceAll(/(index version) \[[^ ]*\]/g, '$1 (version)'),
      }))
      .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  }));
  const sorted = nodes.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  const told = pick(body, ['index', 'shard', 'primary', 'current_state', 'can_allocate', 'allocate_explanation']);
  const { reason, last_allocation_status } = object(object(body).unassigned_info);
  return { status, ...told, reason, last_allocation_status, nodes: sorted };
}

export const sheet: readonly Situation[] = [...looks, ...settings, ...indices];
export { isAtLeast };
