import {
  type DecideInput,
  type Hop,
  identityOfMember,
  isStillTheProcess,
  type KubernetesCluster,
  type KubernetesComponent,
  type KubernetesMemberSpec,
  kubernetesMembers,
  type Ledger,
  type MemberIdentity,
  type NodegroupSpec,
  type Release,
  type SeenKubernetes,
  withoutStopping,
} from '../../../domain/index.ts';
import type { Aim, GuardContext, GuardedMember } from '../guards/index.ts';
import { behaviourOf } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { clusterOfBasis, unknownAbout } from '../observe/index.ts';
import { freeMemoryOf, needBytes } from '../room.ts';

/** One member as decide looks at it. */
export type MemberStanding = GuardedMember;

/** Everything that one decision is made from, put in order. */
export interface Situation {
  readonly input: DecideInput<SeenKubernetes>;
  readonly cluster: KubernetesCluster;
  readonly hop: Hop;
  readonly hopIndex: number;
  readonly lastHop: boolean;
  readonly members: readonly MemberStanding[];
  readonly seen: SeenKubernetes | null;
  /** Of a hop that lifts nodes: their group. */
  readonly group: NodegroupSpec | null;
  readonly ledger: Ledger;
  readonly nowMs: number;
}

/** How long the pods of a node may take to leave it. */
export function drainTimeoutOf({ cluster }: Pick<Situation, 'cluster'>): number {
  return cluster.spec.drainTimeoutMs ?? limits.drainTimeoutMs;
}

/** Started with it acknowledged, pods are deleted against their budgets once evicting them has taken too long. */
export const forceEviction = 'k8s.force-eviction';

/** A new generation starts with fresh attempts and timers: whoever resumed has mended something. */
export function ledgerOfGeneration(ledger: Ledger, generation: number): Ledger {
  return ledger.generation === generation ? ledger : { ...withoutStopping(ledger), generation, attempts: {}, since: {} };
}

export function situationOf(input: DecideInput<SeenKubernetes>): Situation {
  const ledger = ledgerOfGeneration(input.ledger, input.generation);
  const hop = input.plan.hops[ledger.hop]?.hop;
  if (hop === undefined) throw new Error(`plan ${input.plan.id} has no hop ${ledger.hop}`);
  const seen = input.observation.cluster.kind === 'seen' ? input.observation.cluster.seen : null;
  const group = input.cluster.spec.nodegroups.find((candidate) => candidate.name === hop.nodegroup) ?? null;
  if (hop.nodegroup !== undefined && group === null) throw new Error(`there is no node group ${hop.nodegroup}`);
  return {
    input,
    cluster: input.cluster,
    hop,
    hopIndex: ledger.hop,
    lastHop: ledger.hop === input.plan.hops.length - 1,
    members: kubernetesMembers(input.cluster.spec).map((spec) => standingOf(spec, input, seen)),
    seen,
    group,
    ledger,
    nowMs: Date.parse(input.now),
  };
}

function standingOf(spec: KubernetesMemberSpec, input: DecideInput<SeenKubernetes>, seen: SeenKubernetes | null): MemberStanding {
  const { name } = spec;
  const seenMember = input.observation.members.find((member) => member.name === name) ?? {
    name,
    process: { state: 'unknown' as const, because: 'the observation does not speak of it' },
    running: null,
    joined: null,
  };
  const apiserver = seen?.apiservers.find((candidate) => candidate.name === name) ?? null;
  const controller = seen?.controllers.find((candidate) => candidate.name === name) ?? null;
  const etcd = seen?.etcd.find((candidate) => candidate.name === name) ?? null;
  const node = seen?.nodes.find((candidate) => candidate.name === name) ?? null;
  const works = {
    etcd: etcd?.healthy === true,
    'kube-apiserver': apiserver?.ready === true,
    'kube-controller-manager': controller?.healthy === true,
    'kube-scheduler': controller?.healthy === true,
    'front-door': seen?.frontDoorAnswers === true,
    // What the cluster tells of a node is as old as its last heartbeat: its process counts as well.
    node: node?.ready === true && seenMember.process.state === 'running',
  } satisfies Record<KubernetesComponent, boolean>;
  return { spec, name, seenMember, apiserver, controller, etcd, node, ready: works[spec.component] };
}

/** A target without a build is reached by its version alone. */
export function runs(running: Release | null, target: Release): boolean {
  return running !== null && running.version === target.version && (target.build === null || running.build === target.build);
}

/** What it runs, or what its host started it as; null where neither tells. */
export function releaseOf({ seenMember: { running, process } }: MemberStanding): Release | null {
  return running ?? (process.state === 'stopped' || process.state === 'running' ? process.release : null);
}

/** Runs at that release and, of an apiserver, behaves as aimed. */
export function is(member: MemberStanding, aim: Aim): boolean {
  if (!runs(member.seenMember.running, aim.release)) return false;
  return member.spec.component !== 'kube-apiserver' || behaviourOf(member) === (aim.emulate ?? aim.release.version);
}

/** Why what answers is not the cluster that the plan was made from; null while it is. */
export function answersForAnother({ input, seen }: Situation): string | null {
  const planned = clusterOfBasis(input.plan.basis);
  // One that does not tell its id just now is not another.
  if (seen === null || planned === null || seen.clusterUid === '' || seen.clusterUid === planned) return null;
  return `Another cluster answers at ${input.cluster.spec.endpoint} or at its apiservers: ${seen.clusterUid}, not ${planned}.`;
}

export function identityOf({ seenMember }: MemberStanding): MemberIdentity {
  return identityOfMember(seenMember);
}

/** Its host has no process of it that runs. One that answers all the same was started by somebody else. */
export function hasNoProcess({ seenMember }: MemberStanding): boolean {
  return seenMember.process.state === 'stopped' || seenMember.process.state === 'absent';
}

/** Its host has no process of it that runs, and nothing answers in its place. */
export function isDown(member: MemberStanding): boolean {
  return hasNoProcess(member) && !answers(member);
}

function answers(member: MemberStanding): boolean {
  if (member.spec.component === 'node') return false;
  return member.apiserver !== null || member.controller?.healthy === true || member.etcd?.healthy === true;
}

/** It runs, is not ready and was not started a moment ago: left so by an earlier generation, whose cause is mended by now. */
export function hasStalled({ nowMs }: Situation, { ready, seenMember: { process } }: MemberStanding): boolean {
  if (ready || process.state !== 'running') return false;
  return process.startedAt === null || nowMs - Date.parse(process.startedAt) > limits.stalledMs;
}

export function stillTheOldProcess({ seenMember }: MemberStanding, taken: MemberIdentity): boolean {
  return isStillTheProcess(seenMember.process, taken);
}

export function ofComponent(situation: Situation, ...components: readonly KubernetesComponent[]): readonly MemberStanding[] {
  return situation.members.filter(({ spec }) => components.includes(spec.component) && !spec.surge);
}

/** The place for one apiserver more; null where there is none. */
export function surgeOf(situation: Situation): MemberStanding | null {
  return situation.members.find(({ spec }) => spec.component === 'kube-apiserver' && spec.surge) ?? null;
}

/**
 * The place for one apiserver more stays empty: its host tells that it has not the memory, and another apiserver serves while
 * one is away. What is not told, or the only apiserver, goes on with it. One that runs already stays.
 */
export function noRoomForSurge(situation: Situation): boolean {
  const surge = surgeOf(situation);
  if (surge === null || surge.seenMember.process.state === 'running') return false;
  if (ofComponent(situation, 'kube-apiserver').length < 2) return false;
  const free = freeMemoryOf(situation.input.observation, surge.spec.host);
  return free !== null && free < needBytes.apiserver;
}

export function isInHand(ledger: Ledger, { name }: MemberStanding): boolean {
  return ledger.inHand.some((identity) => identity.name === name);
}

/** Why the list of nodes says nothing; null where it does. */
export function nodesUnknown({ input }: Pick<Situation, 'input'>): string | null {
  return unknownAbout(input.observation, 'nodes');
}

export function guardContextOf(situation: Situation, seen: SeenKubernetes, taking: GuardContext['taking']): GuardContext {
  return {
    taking,
    members: situation.members,
    seen,
    nodesUnknown: nodesUnknown(situation),
    noRoomForSurge: noRoomForSurge(situation),
    maxUnavailable: Math.max(1, situation.group?.maxUnavailable ?? 1),
    forced: situation.input.acknowledged?.includes(forceEviction) === true,
  };
}
