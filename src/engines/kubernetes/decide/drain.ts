import {
  attemptsOf,
  type Decision,
  type Ledger,
  lasted,
  type Reason,
  reason,
  type SeenKubernetes,
  showRelease,
  withAttempt,
  withoutAttempts,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { blockedPods } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { act, wait } from './decision.ts';
import { drainTimeoutOf, forceEviction, identityOf, type MemberStanding, nodesUnknown, type Situation } from './situation.ts';

/** What draining a node comes to in this turn. `given-up`: its pods do not leave; the reason names them. */
export type Drain =
  | { readonly kind: 'goes-on'; readonly decision: Decision }
  | { readonly kind: 'empty'; readonly ledger: Ledger }
  | { readonly kind: 'given-up'; readonly ledger: Ledger; readonly because: Reason };

/**
 * Cordons a node and asks for the eviction of its pods, again and again while budgets keep some, until none is left or time
 * is up. Where a person has said so, those that stay are deleted after a minute.
 */
export function drain(
  situation: Situation,
  ledger: Ledger,
  seen: SeenKubernetes,
  member: MemberStanding,
  limitMs: number,
): Drain {
  const pods = member.node?.pods ?? [];
  const tangled = isForced(situation) ? null : podWithTwoBudgets(member);
  if (tangled !== null) return { kind: 'given-up', ledger: forgetDrain(ledger, member), because: tangled };
  if (member.node !== null && !member.node.unschedulable) return beginDrain(situation, ledger, member);
  const waiting = withSince(ledger, draining(member), situation.input.now);
  const waited = lasted(waiting, draining(member), situation.nowMs);
  // Nobody tells which pods are on it: that is not none. On one that is not among the nodes there are none.
  if (member.node === null && nodesUnknown(situation) !== null) return notSeen(waiting, member, waited > limitMs);
  if (pods.length === 0) return { kind: 'empty', ledger: forgetDrain(ledger, member) };
  if (isForced(situation) && waited > forceAfterMs(situation)) return force(situation, waiting, member, waited);
  if (waited > limitMs) return { kind: 'given-up', ledger: forgetDrain(waiting, member), because: notEvicted(seen, member) };
  return { kind: 'goes-on', decision: evictOrWait(situation, waiting, seen, member) };
}

export function isForced({ input }: Situation): boolean {
  return input.acknowledged?.includes(forceEviction) === true;
}

function notSeen(ledger: Ledger, member: MemberStanding, tooLong: boolean): Drain {
  const says = `It is not known which pods are on ${member.name}.`;
  const because = reason('k8s.node-not-seen', member.name, says, 'The apiservers telling of the node and its pods.');
  if (tooLong) return { kind: 'given-up', ledger: forgetDrain(ledger, member), because };
  return { kind: 'goes-on', decision: wait(ledger, because, limits.lookAgainSlowlyMs) };
}

function draining({ name }: MemberStanding): string {
  return `draining ${name}`;
}

export function forgetDrain(ledger: Ledger, member: MemberStanding): Ledger {
  const { name } = member;
  const timed = withoutSince(ledger, draining(member), `evicted ${name}`, cordonKey(member));
  const keys = [`evict ${name}`, `delete pods of ${name}`, cordonKey(member)];
  return keys.reduce(withoutAttempts, timed);
}

/** A cordon that fails is asked for again after a while, and not for ever. */
function beginDrain(situation: Situation, ledger: Ledger, member: MemberStanding): Drain {
  const { name } = member;
  const asked = attemptsOf(ledger, cordonKey(member));
  const decision = (made: Decision): Drain => ({ kind: 'goes-on', decision: made });
  if (asked === 0) return decision(cordon(ledger, member));
  if (asked >= limits.cordonAttempts) {
    const because = reason(
      'k8s.node-not-cordoned',
      name,
      `${name} could not be cordoned, although it was asked for ${asked} times.`,
      'See the failed attempts above for the cause (a webhook that fails closed is named there), mend it, then lift the group again.',
    );
    return { kind: 'given-up', ledger: forgetDrain(ledger, member), because };
  }
  const waiting = withSince(ledger, cordonKey(member), situation.input.now);
  if (lasted(waiting, cordonKey(member), situation.nowMs) >= limits.cordonAgainMs) return decision(cordon(ledger, member));
  const says = `${name} was to be cordoned, and still takes pods.`;
  const because = reason('k8s.node-not-cordoned-yet', name, says, 'The apiservers taking the change of the node.');
  return decision(wait(waiting, because, limits.lookAgainSlowlyMs));
}

/** Its pods may leave from now on, and no new one comes. */
export function cordon(ledger: Ledger, member: MemberStanding): Decision {
  const counted = withoutSince(withAttempt(ledger, cordonKey(member)), cordonKey(member));
  const why = `Cordons ${member.name}: no new pod comes to it.`;
  return act(counted, 'cordon', [identityOf(member)], { owner: null }, why);
}

function cordonKey({ name }: MemberStanding): string {
  return `cordon ${name}`;
}

/** Evictions are asked for at once, and again after longer and longer; not while a budget keeps every pod that is left. */
function evictOrWait(situation: Situation, ledger: Ledger, seen: SeenKubernetes, member: MemberStanding): Decision {
  const { name } = member;
  const pods = member.node?.pods ?? [];
  const blocked = blockedPods({ taking: { how: 'replace', member, aim: noAim }, seen });
  if (blocked.length > 0 && blocked.length === pods.length) {
    const budgets = [...new Set(blocked.map(({ budget }) => budget))].join(', ');
    const because = reason(
      'k8s.pods-kept-by-a-budget',
      blocked.map(({ pod }) => pod).join(', '),
      `The disruption budget ${budgets} lets no pod leave ${name} now.`,
      `${budgets} allowing a disruption: more ready pods, or another budget.`,
    );
    return wait(ledger, because, limits.lookAgainSlowlyMs);
  }
  const rounds = attemptsOf(ledger, `evict ${name}`);
  const pauseMs = Math.min(limits.evictAgainMs * 2 ** Math.max(0, rounds - 1), limits.evictAgainLongestMs);
  if (rounds === 0 || lasted(ledger, `evicted ${name}`, situation.nowMs) >= pauseMs) {
    const counted = withAttempt(
      withSince(withoutSince(ledger, `evicted ${name}`), `evicted ${name}`, situation.input.now),
      `evict ${name}`,
    );
    return act(counted, 'evict-pods', [identityOf(member)], {}, `Asks for the eviction of ${pods.length} pods of ${name}.`);
  }
  return wait(ledger, podsLeaving(member));
}

const noAim = { release: { version: '0', build: null }, emulate: null };

function podsOf({ node }: MemberStanding): readonly string[] {
  return (node?.pods ?? []).map((pod) => `${pod.namespace}/${pod.name}`);
}

function podsLeaving(member: MemberStanding): Reason {
  const pods = podsOf(member);
  return reason('k8s.pods-leaving', pods.join(', '), `${pods.length} pods are leaving ${member.name}.`, 'The pods gone.');
}

function forceAfterMs(situation: Situation): number {
  return Math.min(limits.forceAfterMs, drainTimeoutOf(situation));
}

function force(situation: Situation, ledger: Ledger, member: MemberStanding, waitedMs: number): Drain {
  const key = `delete pods of ${member.name}`;
  if (attemptsOf(ledger, key) === 0) {
    const why = `Deletes ${podsOf(member).join(', ')}: they could not be evicted, and a person has said that they may go.`;
    return { kind: 'goes-on', decision: act(withAttempt(ledger, key), 'delete-pods', [identityOf(member)], {}, why) };
  }
  if (waitedMs < forceAfterMs(situation) + limits.deleteTimeoutMs)
    return { kind: 'goes-on', decision: wait(ledger, podsLeaving(member)) };
  const pods = podsOf(member);
  const says = `${pods.join(', ')} were deleted and are still on ${member.name}.`;
  const because = reason(
    'k8s.pod-not-evicted',
    pods.join(', '),
    says,
    'See what keeps them, a finalizer for example; then lift again.',
  );
  return { kind: 'given-up', ledger: forgetDrain(ledger, member), because };
}

function notEvicted(seen: SeenKubernetes, member: MemberStanding): Reason {
  const pods = podsOf(member);
  const blocked = blockedPods({ taking: { how: 'replace', member, aim: noAim }, seen });
  return reason(
    'k8s.pod-not-evicted',
    pods.join(', '),
    `${pods.join(', ')} did not leave ${member.name}.`,
    'Let their disruption budgets allow it, or lift again with force; then they are deleted.',
    blocked.map(({ pod, budget }) => `${pod} is kept by the disruption budget ${budget}`),
  );
}

/** The eviction of a pod with two budgets is an error that never passes by itself. */
export function podWithTwoBudgets({ node, name }: MemberStanding): Reason | null {
  const pod = (node?.pods ?? []).find(({ budgets }) => (budgets?.length ?? 0) > 1);
  if (pod === undefined) return null;
  return reason(
    'k8s.pod-not-evicted',
    `${pod.namespace}/${pod.name}`,
    `${pod.namespace}/${pod.name} cannot leave ${name}: it has several disruption budgets (${(pod.budgets ?? []).join(', ')}), and the eviction of such a pod is refused.`,
    'Leave it one budget, or lift again with force; then it is deleted.',
  );
}

/** A budget that lets none of a node's pods go has done so for too long. */
export function drainDidNotBegin(situation: Situation, member: MemberStanding, because: Reason): Reason {
  return {
    ...because,
    code: 'k8s.pod-not-evicted',
    says: `${because.says} It has been so for ${Math.round(drainTimeoutOf(situation) / 1000)} seconds, so ${member.name} (${
      member.seenMember.running === null ? 'not running' : showRelease(member.seenMember.running)
    }) stays.`,
  };
}
