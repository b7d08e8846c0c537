/** What each fault of a rehearsal does to the world, and when. */
import {
  type Cluster,
  elasticsearchSpec,
  type HttpResponse,
  memberFaults,
  type RehearsalFault,
  type SeenElasticsearch,
} from '../../domain/index.ts';
import type { Hold } from '../hold.ts';
import {
  createIndex,
  type Durations,
  dataNodesOf,
  defaultDurations,
  end,
  lowestMemberVersion,
  type Moment,
  type SimCluster,
  type World,
} from './world/index.ts';

/** How much longer a member takes that returns slowly, and a recovery that is slow. */
const slowdown = 10;
const recoverySlowdown = 100;
const flapsAfterMs = 500;
const lostAfterMs = 500;
const silenceMs = 60_000;
const fullPercent = 96;
/** As often as a cluster tries by itself. */
const failedAttempts = 5;
/** So many members stand for the others, each for those of its zone and roles. */
const membersMax = 6;

export function faultsOf(cluster: Cluster, seen: SeenElasticsearch): readonly RehearsalFault[] {
  const { nodes } = elasticsearchSpec(cluster);
  const elected = seen.nodes.find(({ nodeId }) => nodeId === seen.masterNodeId)?.name;
  const kindOf = ({ name, zone, roles }: (typeof nodes)[number]) => [zone, ...roles, name === elected].join(' ');
  const kinds = nodes.map(kindOf);
  const some = nodes.filter((node, position) => kinds.indexOf(kindOf(node)) === position).slice(0, membersMax);
  const all = nodes.length <= membersMax ? nodes : some;
  const [first] = some.filter(({ name }) => name !== elected);
  const others = nodes.filter(({ name }) => name !== first?.name && name !== elected);
  const elsewhere = others.find(({ zone }) => zone !== first?.zone) ?? others[0];
  const lost = [elected, elsewhere?.name].flatMap((name) => name ?? []);
  return [
    ...all.map(({ name: member }) => ({ fault: 'member-does-not-return', member }) as const),
    ...memberFaults.slice(1).flatMap((fault) => some.map(({ name: member }) => ({ fault, member }))),
    ...(first === undefined
      ? []
      : lost.map((name) => ({ fault: 'another-member-lost', member: first.name, lost: name }) as const)),
    { fault: 'settings-answer-lost' },
    { fault: 'settings-refused' },
    { fault: 'nobody-answers' },
    { fault: 'recoveries-slow' },
    { fault: 'index-made' },
  ];
}

export interface Mishap {
  /** Null: the node answers for itself. Throws where nobody answers. */
  answerInstead(method: string, path: string): HttpResponse | null;
  readonly hold: Hold | null;
  stopped(): void;
  started(member: string): void;
  /** After each step of the world. */
  stepped(): void;
  /** When it does something next. */
  nextMs(): number | null;
}

interface Parts {
  readonly world: World;
  readonly cluster: () => SimCluster | undefined;
  readonly random: () => number;
}

export function durationsWith(fault: RehearsalFault | null, isSlow: () => boolean): Partial<Durations> {
  const { quickRecoveryMs, wholeRecoveryMs, startMs } = defaultDurations;
  const factor = fault?.fault === 'recoveries-slow' ? recoverySlowdown : 1;
  return {
    startMs: (major) => startMs(major) * (isSlow() ? slowdown : 1),
    quickRecoveryMs: quickRecoveryMs * factor,
    wholeRecoveryMs: wholeRecoveryMs * factor,
  };
}

export function createMishap(fault: RehearsalFault | null, { world, cluster, random }: Parts): Mishap {
  const due: { readonly atMs: number; readonly befalls: () => void }[] = [];
  const later = (milliseconds: number, befalls: () => void) => due.push({ atMs: world.nowMs + milliseconds, befalls });
  const moment = () => ({ nowMs: world.nowMs, random });
  const concerns = (member: string) => fault !== null && 'member' in fault && fault.member === member;
  const joined = (name: string) => [...world.processes.values()].find((node) => node.name === name && node.phase.at === 'joined');
  let silentUntilMs = -1;
  let befell = false;
  let launched = false;
  let flapping: number | null = null;
  if (fault?.fault === 'member-does-not-return')
    world.startFaults.set(fault.member, { version: null, lines: ['a rehearsed fault keeps this node from starting'] });

  function die(name: string): void {
    const node = joined(name);
    node?.log.push('a rehearsed fault ends this node');
    if (node !== undefined) end(world, node, 137, moment());
  }

  return {
    hold: fault?.fault === 'settings-answer-lost' ? loseFirst() : null,
    answerInstead: (method, path) => {
      if (world.nowMs < silentUntilMs) throw new Error('connect ETIMEDOUT (a rehearsed fault)');
      if (fault?.fault !== 'settings-refused' || method !== 'PUT' || !path.startsWith('/_cluster/settings')) return null;
      const error = { type: 'security_exception', reason: 'a rehearsed fault refuses every change of settings' };
      return { status: 403, body: JSON.stringify({ error, status: 403 }) };
    },
    stopped: () => {
      const once = !befell;
      befell = true;
      const made = cluster();
      if (once && fault?.fault === 'nobody-answers') silentUntilMs = world.nowMs + silenceMs;
      if (once && fault?.fault === 'index-made' && made !== undefined) makeIndex(world, made, moment());
      if (once && fault?.fault === 'another-member-lost') later(lostAfterMs, () => die(fault.lost));
    },
    started: (member) => {
      if (!concerns(member)) return;
      launched = true;
      if (fault?.fault === 'disk-fills-up') fillDisk(world, member);
    },
    stepped: () => {
      const node = launched && fault !== null && 'member' in fault ? joined(fault.member) : undefined;
      const made = cluster();
      if (fault?.fault === 'member-flaps' && node !== undefined && node.pid !== flapping) {
        flapping = node.pid;
        later(flapsAfterMs, () => die(fault.member));
      }
      if (fault?.fault === 'copies-fail' && node !== undefined && made !== undefined) failCopies(made, node.nodeId, world.nowMs);
      for (const next of due.filter(({ atMs }) => atMs <= world.nowMs)) {
        due.splice(due.indexOf(next), 1);
        next.befalls();
      }
    },
    nextMs: () => (due.length === 0 ? null : Math.min(...due.map(({ atMs }) => atMs))),
  };
}

function loseFirst(): Hold {
  let lost = false;
  return ({ what }, point) => {
    if (lost || what !== 'rest.settings' || point !== 'inside') return 'go-on';
    lost = true;
    return 'drop';
  };
}

function fillDisk(world: World, member: string): void {
  for (const node of world.processes.values()) {
    const folder = world.folders.get(node.folder);
    if (node.name === member && folder !== undefined) folder.diskUsedPercent = fullPercent;
  }
}

/** Each copy that is to come up on that node has failed as often as a cluster tries. */
function failCopies(cluster: SimCluster, nodeId: string, nowMs: number): void {
  const failing = cluster.copies.filter((copy) => copy.nodeId === nodeId && copy.state === 'INITIALIZING' && !copy.primary);
  if (failing.length === 0) return;
  for (const copy of failing) {
    const details = 'failed recovery: a rehearsed fault';
    Object.assign(copy, { state: 'UNASSIGNED', nodeId: null, allocationId: null, recovery: null });
    copy.unassigned = { reason: 'ALLOCATION_FAILED', atMs: nowMs, delayedUntilMs: null, failedAttempts, details };
  }
  cluster.version += 1;
  cluster.quiet = null;
}

function makeIndex(world: World, cluster: SimCluster, moment: Moment): void {
  const nodes = dataNodesOf(world, cluster);
  const createdVersion = lowestMemberVersion(world, cluster);
  const settings = { 'index.number_of_shards': '1', 'index.number_of_replicas': '1' };
  const index = { name: 'made-in-a-rehearsal', createdVersion, settings, mappings: {}, aliases: {} };
  createIndex(cluster, index, 1, nodes.length, moment);
}
