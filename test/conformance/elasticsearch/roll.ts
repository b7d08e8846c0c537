/** Situations in the course of a roll from one version to another: each begins where the one before has ended. */
import { majorOf } from '../../../src/domain/index.ts';
import { array, object, pick, refusal, type Told } from '../answers.ts';
import { copies, createdBy, explained, health, node, quiet, votes } from './sheet.ts';
import type { Situation } from './situation.ts';
import type { Subject } from './subject.ts';

const replicaOf = (index: string) => ({ index, shard: 0, primary: false });

/** A setting that the next major does not know: a cluster that has it when it is lifted keeps it as an archived one. */
function outgrown(from: string): Readonly<Record<string, string>> {
  const major = majorOf(from);
  if (major <= 5) return { 'indices.store.throttle.type': 'none' };
  return major === 7 ? { 'cluster.routing.allocation.disk.include_relocations': 'true' } : {};
}

async function state(subject: Subject, on = 'n1'): Promise<Told> {
  return subject.get('/_cluster/state/master_node,nodes,routing_table,metadata,version,blocks', on);
}

async function allStarted(subject: Subject, on = 'n1'): Promise<void> {
  await subject.until('every copy is started', '/_cluster/health', (body) => body.status === 'green', on);
}

/** Who is in the cluster at which version, and which of them is another process than before. */
async function members(subject: Subject, on = 'n1'): Promise<unknown> {
  const { body } = await subject.get('/_nodes/settings,process,jvm,plugins', on);
  return Object.fromEntries(Object.entries(object(object(body).nodes)).map(([id, one]) => [id, node(one)]));
}

async function ephemeralIds(subject: Subject): Promise<Readonly<Record<string, unknown>>> {
  const url = await subject.raw('/_cluster/state/nodes?filter_path=nodes.*.name,nodes.*.ephemeral_id');
  return Object.fromEntries(
    Object.values(object(object(url).nodes)).map((one) => [String(object(one).name), object(one).ephemeral_id]),
  );
}

/** Newer versions name the page that explains it. */
function withoutReference(told: unknown): unknown {
  return JSON.parse(JSON.stringify(told).replace(/ See \[[^\]]*\] for details\./, '')) as unknown;
}

export function roll(to: string): readonly Situation[] {
  let before: Readonly<Record<string, unknown>> = {};
  return [
    {
      name: 'roll: a node stops',
      tell: async (subject) => {
        before = await ephemeralIds(subject);
        const old = { ...outgrown(subject.version), 'cluster.routing.allocation.enable': 'all' };
        await subject.must('PUT', '/_cluster/settings', { persistent: old });
        const delayed = { 'index.unassigned.node_left.delayed_timeout': '20m' };
        await subject.must('PUT', '/whole', { settings: { number_of_shards: 1, number_of_replicas: 1, ...delayed } });
        await allStarted(subject);
        await subject.stop('n2');
        await subject.until('one node is left', '/_cluster/health', (body) => body.number_of_nodes === 1);
        const { body } = await state(subject);
        return {
          health: health(await subject.get('/_cluster/health?wait_for_events=languid&timeout=1s')),
          members: Object.keys((await members(subject)) as object),
          copies: copies(body, 'whole'),
          explained: explained(await subject.ask('POST', '/_cluster/allocation/explain', replicaOf('whole'))),
        };
      },
    },
    {
      name: 'roll: replica allocation is held meanwhile',
      tell: async (subject) => {
        const held = { 'cluster.routing.allocation.enable': 'primaries' };
        await subject.must('PUT', '/_cluster/settings', { persistent: held });
        return {
          health: health(await subject.get('/_cluster/health?wait_for_events=languid&timeout=1s')),
          explained: explained(await subject.ask('POST', '/_cluster/allocation/explain', replicaOf('whole'))),
        };
      },
    },
    {
      name: 'roll: the node is back at the new version',
      tell: async (subject) => {
        await subject.start('n2', to);
        await subject.until('both are there', '/_cluster/health', (body) => body.number_of_nodes === 2);
        await quiet(subject);
        const joined = health(await subject.get('/_cluster/health?wait_for_events=languid&timeout=1s'));
        await subject.must('PUT', '/_cluster/settings', { persistent: { 'cluster.routing.allocation.enable': null } });
        await allStarted(subject);
        const { body } = await state(subject);
        const after = await ephemeralIds(subject);
        return {
          joined,
          members: await members(subject),
          'members, as the new one tells': await members(subject, 'n2'),
          another: Object.keys(after).filter((name) => after[name] !== before[name]),
          master: object(body).master_node,
          copies: copies(body, 'whole'),
          votes: votes(object(body).metadata),
        };
      },
    },
    {
      name: 'roll: an index is made while versions are mixed',
      tell: async (subject) => {
        const exclude = (name: string | null) =>
          subject.must('PUT', '/_cluster/settings', { transient: { 'cluster.routing.allocation.exclude._name': name } });
        await exclude('n1');
        await subject.must('PUT', '/mid', { settings: { number_of_shards: 1, number_of_replicas: 1 } });
        await exclude(null);
        await quiet(subject);
        const { body } = await state(subject);
        const { settings } = object(object(object(object(body).metadata).indices).mid);
        return {
          health: health(await subject.get('/_cluster/health?wait_for_events=languid&timeout=1s')),
          created: createdBy(object(object(object(settings).index).version).created),
          copies: copies(body, 'mid'),
          explained: explained(await subject.ask('POST', '/_cluster/allocation/explain', replicaOf('mid'))),
        };
      },
    },
    {
      name: 'roll: there is no master',
      tell: async (subject) => {
        await subject.stop('n1');
        await subject.until(
          'it knows no master',
          '/_cluster/state/master_node?local=true',
          (body) => typeof body.master_node !== 'string',
          'n2',
        );
        const put = { persistent: { 'cluster.routing.allocation.enable': 'all' } };
        const local = await subject.get('/_cluster/state/master_node?local=true&filter_path=cluster_name,master_node', 'n2');
        const nodes = await subject.get('/_nodes/process', 'n2');
        return {
          local,
          health: refusal(await subject.get('/_cluster/health?timeout=200ms&master_timeout=200ms', 'n2')),
          state: refusal(await subject.get('/_cluster/state/version?master_timeout=200ms', 'n2')),
          settings: refusal(await subject.ask('PUT', '/_cluster/settings?master_timeout=200ms', put, 'n2')),
          nodes: { status: nodes.status, names: Object.keys(object(object(nodes.body).nodes)).length > 0 },
        };
      },
    },
    {
      name: 'roll: the master is back at the new version',
      tell: async (subject) => {
        // It is the only one that may be master: nobody is left who could count votes.
        await subject.start('n1', to, majorOf(subject.version) < 7 && majorOf(to) >= 7 ? 'first' : 'join');
        await subject.until('both are there', '/_cluster/health', (body) => body.number_of_nodes === 2, 'n2');
        await subject.until('it answers', '/_cluster/health', (body) => body.number_of_nodes === 2);
        await allStarted(subject);
        subject.version = to;
        const { body } = await state(subject);
        const first = await subject.get('/_cluster/settings?flat_settings=true');
        const rebalance = 'cluster.routing.rebalance.enable';
        const another = await subject.ask('PUT', '/_cluster/settings', { persistent: { [rebalance]: 'none' } });
        const removed = await subject.ask('PUT', '/_cluster/settings', { persistent: { [rebalance]: null, 'archived.*': null } });
        return {
          members: await members(subject),
          master: object(body).master_node,
          copies: [copies(body, 'whole'), copies(body, 'mid')],
          settings: first,
          another: another.status < 300 ? another : withoutReference(refusal(another)),
          removed: removed.status < 300 ? removed : refusal(removed),
          after: await subject.get('/_cluster/settings?flat_settings=true'),
          votes: votes(object(body).metadata),
          answered: array(Object.keys(pick(body, ['blocks']))),
        };
      },
    },
  ];
}
