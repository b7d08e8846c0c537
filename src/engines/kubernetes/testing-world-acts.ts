/** Acts carried out in the small world at once, and what must never come of one, noted as a violation. */
import { compareVersions, type Decision, type MemberIdentity, type Release, releaseKey } from '../../domain/index.ts';
import type { ActName, KubernetesAct } from './decide/acts.ts';
import { memberOf, ofKind, type World, type WorldMember } from './testing-world.ts';
import { behaves, etcdServes, isReady, seenBudget } from './testing-world-look.ts';

/** A surge apiserver that nobody waits for goes on for this long: longer than all controllers take. */
const drainMs = 60_000;

type Perform = (world: World, move: KubernetesAct) => boolean;

/** Carries out an act; false when it failed. */
export function perform(world: World, decision: Decision): boolean {
  const { move } = decision;
  if (move.do !== 'act') return true;
  world.acts.push(named(move));
  const make = performs[move.move as ActName];
  if (make === undefined) throw new Error(`there is no act ${move.move}`);
  const done = make(world, move);
  settle(world);
  watch(world, named(move));
  return done;
}

function named(move: KubernetesAct): string {
  const { version, build, emulate, to } = move.parameters;
  const release = version === undefined || version === null ? '' : releaseKey({ version, build: build ?? null });
  const emulating = emulate === undefined || emulate === null ? '' : `as ${emulate}`;
  const on = move.on.map((identity) => identity.name).join(',');
  return [move.move, on, release, emulating, to === undefined ? '' : `to ${to}`].filter((part) => part !== '').join(' ');
}

const performs: Record<ActName, Perform> = {
  prefetch: (world, move) => {
    world.prefetched.push(releaseKey(releaseOf(move)));
    return true;
  },
  'snapshot-etcd': (world) => etcdServes(world),
  'move-etcd-leader': (world, move) => {
    for (const member of ofKind(world, 'etcd')) member.leader = member.spec.name === move.parameters.to;
    return true;
  },
  'replace-member': (world, move) =>
    each(world, move, (member, identity) => stop(world, member, identity) && start(world, member, move)),
  'start-member': (world, move) => each(world, move, (member) => member.process === 'running' || start(world, member, move)),
  'start-surge': (world, move) => each(world, move, (member) => member.process === 'running' || start(world, member, move)),
  'stop-surge': (world, move) =>
    each(world, move, (member, identity) => {
      if (move.parameters.wait !== 'no') return stop(world, member, identity);
      if (member.process === 'running' && identity.process?.pid === member.pid) member.endsAtMs = world.nowMs + drainMs;
      return true;
    }),
  'rewrite-storage': (world, move) => {
    const newer = ofKind(world, 'kube-apiserver').find(
      (member) => member.process === 'running' && behaves(member) !== move.parameters.version,
    );
    if (newer !== undefined) world.violations.push(`storage was rewritten while ${newer.spec.name} behaves otherwise`);
    return true;
  },
  cordon: (world, move) =>
    each(world, move, (member) => {
      member.cordoned = move.parameters.owner === 'true' ? 'owner' : 'ours';
      return true;
    }),
  uncordon: (world, move) =>
    each(world, move, (member) => {
      if (member.cordoned === 'owner') world.violations.push(`${member.spec.name} was uncordoned against its owner`);
      member.cordoned = 'no';
      return true;
    }),
  'evict-pods': (world, move) => each(world, move, (member) => evict(world, member)),
  'delete-pods': (world, move) =>
    each(world, move, (member) => {
      for (const pod of podsOn(world, member)) pod.movingUntilMs ??= world.nowMs + 2_000;
      return true;
    }),
  'start-node': (world, move) => each(world, move, (member) => member.process === 'running' || startNode(world, member, move)),
  'replace-node': (world, move) =>
    each(world, move, (member, identity) => leaveNode(world, member, identity) && startNode(world, member, move)),
  'remove-node': (world, move) =>
    each(world, move, (member, identity) => {
      if (!leaveNode(world, member, identity)) return false;
      member.process = 'absent';
      member.cordoned = 'no';
      return true;
    }),
};

function each(world: World, move: KubernetesAct, one: (member: WorldMember, identity: MemberIdentity) => boolean): boolean {
  return move.on.map((identity) => one(memberOf(world, identity.name), identity)).every((done) => done);
}

function releaseOf(move: KubernetesAct): Release {
  return { version: move.parameters.version ?? '', build: move.parameters.build ?? null };
}

/** Refused where the process is no longer the one that the act was decided for. */
function stop(_world: World, member: WorldMember, identity: MemberIdentity): boolean {
  if (member.process !== 'running') return true;
  if (identity.process === null || identity.process.pid !== member.pid) return false;
  member.process = 'stopped';
  member.endsAtMs = null;
  return true;
}

function start(world: World, member: WorldMember, move: KubernetesAct): boolean {
  const { emulate, version } = move.parameters;
  if (version !== null && version !== undefined) member.release = releaseOf(move);
  member.emulate = emulate ?? null;
  world.pids += 1;
  member.pid = world.pids;
  member.launches += 1;
  member.startedAtMs = world.nowMs;
  member.endsAtMs = null;
  const emulating = member.emulate === null ? '' : ` as ${member.emulate}`;
  const ends = world.starts(`${member.spec.name} ${releaseKey(member.release)}${emulating}`);
  member.process = ends === 'ends' ? 'stopped' : 'running';
  member.lastLines = ends === 'ends' ? ['unrecognized feature gate: Old'] : [];
  member.readyAtMs = ends === 'ready' ? world.nowMs + world.readyAfterMs : Number.POSITIVE_INFINITY;
  if (ends !== 'ready') world.fallen.add(member.spec.name);
  return true;
}

function startNode(world: World, member: WorldMember, move: KubernetesAct): boolean {
  start(world, member, move);
  member.uid = `uid-${member.pid}`;
  member.cordoned = 'no';
  return true;
}

function leaveNode(world: World, member: WorldMember, identity: MemberIdentity): boolean {
  const left = podsOn(world, member).map((pod) => pod.name);
  const serves = isReady(world, member);
  if (!stop(world, member, identity)) return false;
  if (left.length > 0 && serves) world.violations.push(`${member.spec.name} was taken with ${left.join(', ')} on it`);
  return true;
}

function podsOn(world: World, member: WorldMember) {
  return world.pods.filter((pod) => pod.node === member.spec.name);
}

/** Each once, as the eviction API does it: two budgets are an error, one without room keeps its pod. */
function evict(world: World, member: WorldMember): boolean {
  let done = true;
  for (const pod of podsOn(world, member).filter(({ movingUntilMs }) => movingUntilMs === null)) {
    const budgets = world.budgets.filter(({ app }) => app === pod.app);
    if (budgets.length > 1) done = false;
    else if (budgets.every((budget) => seenBudget(world, budget).disruptionsAllowed > 0)) pod.movingUntilMs = world.nowMs + 2_000;
  }
  return done;
}

/** Time has come for what was under way: pods that were evicted run elsewhere, a component without a leader gets one. */
export function settle(world: World): void {
  for (const member of world.members) {
    if (member.endsAtMs === null || world.nowMs < member.endsAtMs) continue;
    member.process = 'stopped';
    member.endsAtMs = null;
  }
  for (const name of world.fallen) if (isReady(world, memberOf(world, name))) world.fallen.delete(name);
  for (const pod of world.pods.filter(({ movingUntilMs }) => movingUntilMs !== null && movingUntilMs <= world.nowMs)) {
    const free = ofKind(world, 'node').filter((node) => node.cordoned === 'no' && isReady(world, node));
    const [room] = free.sort((a, b) => podsOn(world, a).length - podsOn(world, b).length);
    if (room === undefined) {
      // It waits for a node, off the one that it left.
      pod.node = '';
      continue;
    }
    pod.node = room.spec.name;
    pod.movingUntilMs = null;
  }
  for (const component of ['etcd', 'kube-controller-manager', 'kube-scheduler'] as const) {
    const ready = ofKind(world, component).filter((member) => isReady(world, member));
    for (const member of ofKind(world, component)) if (!ready.includes(member)) member.leader = false;
    const [heir] = ready;
    if (ready.some((member) => member.leader)) world.leaderlessSinceMs.delete(component);
    else if (heir !== undefined) {
      const sinceMs = world.leaderlessSinceMs.get(component) ?? world.nowMs;
      world.leaderlessSinceMs.set(component, sinceMs);
      heir.leader = world.nowMs - sinceMs >= world.leaseMs;
    }
  }
}

/** Promises that hold at every moment, whoever is in hand. */
export function watch(world: World, after: string): void {
  const note = (says: string) => world.violations.push(`${says} (after ${after})`);
  const apiservers = ofKind(world, 'kube-apiserver');
  const running = apiservers.filter((member) => member.process === 'running');
  for (const one of running)
    for (const other of running)
      if (compareVersions(behaves(one), other.release.version) > 0)
        note(`${one.spec.name} behaves as ${behaves(one)} beside ${other.spec.name} at ${other.release.version}`);
  for (const controller of ofKind(world, 'kube-controller-manager', 'kube-scheduler'))
    for (const apiserver of running)
      if (controller.process === 'running' && compareVersions(controller.release.version, behaves(apiserver)) > 0)
        note(`${controller.spec.name} is newer than ${apiserver.spec.name} behaves`);
  const declared = apiservers.filter(({ spec }) => !spec.surge);
  const hasSurge = apiservers.some(({ spec }) => spec.surge);
  const excused = [...world.fallen].filter((name) => memberOf(world, name).spec.component === 'kube-apiserver').length;
  const needed = Math.max(0, declared.length - (hasSurge ? 0 : 1) - excused);
  const etcd = ofKind(world, 'etcd');
  const etcdFell = etcd.some(({ spec }) => world.fallen.has(spec.name));
  const ready = apiservers.filter((member) => isReady(world, member)).length;
  if (ready < needed && etcd.length !== 1 && !etcdFell) note(`only ${ready} of ${needed} apiservers are ready`);
  if (etcd.length > 1 && !etcdFell && !etcdServes(world)) note('etcd lost its majority');
}
