import type {
  GuardVerdict,
  KubernetesMemberSpec,
  Release,
  SeenApiserver,
  SeenController,
  SeenEtcdMember,
  SeenKubernetes,
  SeenKubernetesNode,
  SeenMember,
} from '../../../domain/index.ts';
import { minorOf } from '../minors.ts';

/** A member as the guards see it: declared, and as it stands now. */
export interface GuardedMember {
  readonly spec: KubernetesMemberSpec;
  readonly name: string;
  readonly seenMember: SeenMember;
  readonly apiserver: SeenApiserver | null;
  readonly controller: SeenController | null;
  readonly etcd: SeenEtcdMember | null;
  readonly node: SeenKubernetesNode | null;
  /** Runs and does its work. */
  readonly ready: boolean;
}

/** What a member is to become: a release, and for an apiserver the minor that it is to behave as (null: its own). */
export interface Aim {
  readonly release: Release;
  readonly emulate: string | null;
}

/** `replace`: it is away until it has come back. `add`: it comes beside the others. `remove`: it goes and stays away. */
export interface Taking {
  readonly how: 'replace' | 'add' | 'remove';
  readonly member: GuardedMember;
  readonly aim: Aim;
}

/** May this member be taken now? Everything that the answer depends on. */
export interface GuardContext {
  readonly taking: Taking;
  /** Every declared member, nodes and surge places included. */
  readonly members: readonly GuardedMember[];
  readonly seen: SeenKubernetes;
  /** Why it is not known which nodes there are; null where it is. */
  readonly nodesUnknown: string | null;
  /** The host of the place for one apiserver more tells that it has not the memory, and others serve meanwhile. */
  readonly noRoomForSurge?: boolean;
  /** Of the node group in hand; 1 elsewhere. */
  readonly maxUnavailable: number;
  /** Pods may be deleted against their budgets: a person has said so. */
  readonly forced: boolean;
}

export interface Guard {
  /** A dotted sentence, stable for ever. */
  readonly id: string;
  readonly judge: (context: GuardContext) => GuardVerdict;
}

export function othersThan(context: GuardContext): readonly GuardedMember[] {
  return context.members.filter((member) => member.name !== context.taking.member.name);
}

export function isApiserver({ spec }: GuardedMember): boolean {
  return spec.component === 'kube-apiserver';
}

export function isController({ spec }: GuardedMember): boolean {
  return spec.component === 'kube-controller-manager' || spec.component === 'kube-scheduler';
}

/** The minor that an apiserver behaves as; null where it does not answer. */
export function behaviourOf({ apiserver }: GuardedMember): string | null {
  return apiserver === null ? null : (apiserver.emulated ?? minorOf(apiserver.version));
}

export function aimedBehaviour(aim: Aim): string {
  return aim.emulate ?? minorOf(aim.release.version);
}

export function namesOf(members: readonly GuardedMember[]): string {
  return members.map((member) => member.name).join(', ');
}
