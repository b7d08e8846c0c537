import {
  attemptsOf,
  type Decision,
  type Ledger,
  type Reason,
  reason,
  type SeenKubernetes,
  showRelease,
  withAttempt,
  withoutSince,
} from '../../../domain/index.ts';
import { judge } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { act } from './decision.ts';
import { drain } from './drain.ts';
import { heldBack, waitForProcess } from './held-back.ts';
import { doesNotGetReady, doesNotStart, hasRefused, startKey } from './launching.ts';
import { leave } from './leave.ts';
import { mayUncordon, uncordon } from './leave-nodes.ts';
import { turnBackNodes } from './node-endings.ts';
import type { Outcome } from './outcome.ts';
import {
  drainTimeoutOf,
  guardContextOf,
  hasNoProcess,
  hasStalled,
  identityOf,
  type MemberStanding,
  runs,
  type Situation,
} from './situation.ts';
import { processNotKnown, readiness } from './waiting.ts';

/** The place for one node more of the group that is lifted; null where there is none. */
export function surgeNodeOf({ members, group }: Situation): MemberStanding | null {
  return members.find(({ spec }) => group !== null && spec.nodegroup === group.name && spec.surge) ?? null;
}

export type Removal =
  | { readonly kind: 'goes-on'; readonly decision: Decision }
  | { readonly kind: 'gone'; readonly ledger: Ledger }
  | { readonly kind: 'stays'; readonly ledger: Ledger; readonly because: Reason };

/** Drains the surge node and takes it away. Where its pods do not leave it stays, and that is not tried again in this generation. */
export function removeSurgeNode(
  situation: Situation,
  ledger: Ledger,
  seen: SeenKubernetes,
  surge: MemberStanding,
  limitMs: number,
): Removal {
  if (hasNoProcess(surge) && surge.node === null) return { kind: 'gone', ledger };
  const kept = `keep ${surge.name}`;
  if (attemptsOf(ledger, kept) > 0) return { kind: 'stays', ledger, because: staysBecause(surge) };
  const drained = hasNoProcess(surge) ? { kind: 'empty' as const, ledger } : drain(situation, ledger, seen, surge, limitMs);
  if (drained.kind === 'goes-on') return drained;
  if (drained.kind === 'given-up') return { ...drained, kind: 'stays', ledger: withAttempt(drained.ledger, kept) };
  const key = `remove ${surge.name}`;
  if (attemptsOf(drained.ledger, key) >= limits.cleanAttempts)
    return { kind: 'stays', ledger: withAttempt(drained.ledger, kept), because: staysBecause(surge) };
  const why = `Stops ${surge.name} and takes it out of the cluster.`;
  return { kind: 'goes-on', decision: act(withAttempt(drained.ledger, key), 'remove-node', [identityOf(surge)], {}, why) };
}

function staysBecause({ name }: MemberStanding): Reason {
  return reason('k8s.surge-node-stays', name, `${name} could not be taken away.`, `Drain ${name}, then lift the group again.`);
}

/** Before a node goes, the one for more stands beside it at the new release and takes pods. */
export function surgeNodeStands(situation: Situation, ledger: Ledger, seen: SeenKubernetes): Outcome {
  const surge = surgeNodeOf(situation);
  if (surge === null) return { ledger };
  const aim = { release: situation.hop.to, emulate: null };
  const notKnown = processNotKnown(surge);
  if (notKnown !== null) return waitForProcess(situation, ledger, surge, notKnown);
  if (hasNoProcess(surge)) {
    if (hasRefused(situation, ledger, surge, aim)) return turnBackNodes(situation, ledger, doesNotStart(surge, aim));
    const verdict = judge(guardContextOf(situation, seen, { how: 'add', member: surge, aim }));
    return verdict.may ? { decision: startSurgeNode(ledger, surge, situation) } : heldBack(situation, ledger, verdict.because);
  }
  const stalled = attemptsOf(ledger, startKey(surge, aim)) === 0 && hasStalled(situation, surge);
  const { running } = surge.seenMember;
  if (stalled || (running !== null && !runs(running, aim.release))) return putAway(situation, ledger, seen, surge);
  const standing = readiness(situation, ledger, surge, aim);
  if (standing.kind === 'waits') return standing.outcome;
  if (standing.kind === 'too-long') return turnBackNodes(situation, standing.ledger, doesNotGetReady(surge, aim));
  const cordoned = surge.node?.cordonedByUs === true && mayUncordon(standing.ledger, surge);
  return cordoned ? { decision: uncordon(standing.ledger, surge) } : { ledger: standing.ledger };
}

function startSurgeNode(ledger: Ledger, surge: MemberStanding, { hop }: Situation): Decision {
  const aim = { release: hop.to, emulate: null };
  const counted = withoutSince(withAttempt(ledger, startKey(surge, aim)), `getting ready ${surge.name}`, `steady ${surge.name}`);
  const why = `Starts ${surge.name} at ${showRelease(hop.to)} beside the other nodes.`;
  return act(counted, 'start-node', [identityOf(surge)], { version: hop.to.version, build: hop.to.build }, why);
}

function putAway(situation: Situation, ledger: Ledger, seen: SeenKubernetes, surge: MemberStanding): Outcome {
  const removal = removeSurgeNode(situation, ledger, seen, surge, drainTimeoutOf(situation));
  if (removal.kind === 'goes-on') return { decision: removal.decision };
  if (removal.kind === 'gone') return { ledger: removal.ledger };
  return { decision: leave(situation, removal.ledger, { kind: 'stop', because: removal.because }) };
}
