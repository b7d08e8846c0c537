import {
  type Decision,
  isGoingBack,
  type Ledger,
  lasted,
  reason,
  type SeenKubernetes,
  showRelease,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { judge } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { act, wait } from './decision.ts';
import { cordon, drainDidNotBegin, isForced, podWithTwoBudgets } from './drain.ts';
import { heldBack } from './held-back.ts';
import { leave } from './leave.ts';
import { endTurnedBack, nodesOf, turnBackNodes } from './node-endings.ts';
import { ownersCordon, stepNodes } from './nodes-in-hand.ts';
import type { Outcome } from './outcome.ts';
import { prepare } from './prepare.ts';
import { drainTimeoutOf, guardContextOf, identityOf, isInHand, type MemberStanding, runs, type Situation } from './situation.ts';
import { removeSurgeNode, surgeNodeOf, surgeNodeStands } from './surge-node.ts';
import { watchOthers } from './watch.ts';

/** Nodes of a group, a few at a time: those in hand first, then the next, and the surge node away at the end. */
export function liftNodes(
  situation: Situation,
  before: Ledger,
  seen: SeenKubernetes,
  leaveAsWished: (ledger: Ledger) => Decision,
): Outcome {
  const inHand = stepNodes(situation, before, seen);
  if (inHand.kind === 'acts') return inHand.outcome;
  const waits = inHand.kind === 'waits' ? inHand.decision : null;
  const ledger = inHand.kind === 'waits' ? inHand.decision.ledger : inHand.ledger;
  const because = isGoingBack(ledger, situation.hopIndex);
  if (situation.input.intent !== 'go') return { decision: waits ?? leaveAsWished(ledger) };
  if (because !== null) return { decision: waits ?? endTurnedBack(situation, ledger, because) };
  const left = nodesOf(situation).filter((member) => !runs(member.seenMember.running, situation.hop.to));
  const free = left.filter((member) => !isInHand(ledger, member));
  if (free.length === 0) return waits === null ? finish(situation, ledger, seen) : { decision: waits };
  const next = nextNode(situation, ledger, seen, free);
  // While others are in hand, what holds the next one back is of no interest.
  const holds = 'decision' in next && next.decision.move.do !== 'act';
  return waits !== null && holds ? { decision: { ...waits, ledger } } : next;
}

function nextNode(situation: Situation, ledger: Ledger, seen: SeenKubernetes, free: readonly MemberStanding[]): Outcome {
  if (ledger.inHand.length >= Math.max(1, situation.group?.maxUnavailable ?? 1))
    return { decision: wait(ledger, enoughAway(situation)) };
  const watched = watchOthers(situation, ledger);
  if (!('ledger' in watched)) return watched;
  const gate = gateAfterFirst(situation, watched.ledger);
  if (gate !== null) return { decision: gate };
  const ready = prepare(situation, watched.ledger);
  if (!('ledger' in ready)) return ready;
  const surge = surgeNodeStands(situation, ready.ledger, seen);
  return 'ledger' in surge ? take(situation, surge.ledger, seen, free) : surge;
}

function enoughAway({ group }: Situation) {
  const name = group?.name ?? '';
  return reason('k8s.nodes-in-hand', name, `As many nodes of ${name} are in hand as may be away.`, 'One of them back.');
}

function take(situation: Situation, ledger: Ledger, seen: SeenKubernetes, free: readonly MemberStanding[]): Outcome {
  const aim = { release: situation.hop.to, emulate: null };
  const [member] = [...free].sort((a, b) => Number(b.ready) - Number(a.ready));
  if (member === undefined) return { ledger };
  const tangled = isForced(situation) ? null : podWithTwoBudgets(member);
  if (tangled !== null) return turnBackNodes(situation, ledger, tangled);
  const verdict = judge(guardContextOf(situation, seen, { how: 'replace', member, aim }));
  if (verdict.may) return { decision: takeInHand(withoutSince(ledger, 'guard', 'budget'), member) };
  if (verdict.because.code !== 'k8s.budget-allows') return heldBack(situation, ledger, verdict.because);
  const waiting = withSince(ledger, 'budget', situation.input.now);
  if (lasted(waiting, 'budget', situation.nowMs) < drainTimeoutOf(situation))
    return { decision: wait(waiting, verdict.because, limits.lookAgainSlowlyMs) };
  return turnBackNodes(situation, withoutSince(waiting, 'budget'), drainDidNotBegin(situation, member, verdict.because));
}

/** Cordoned by us from now on; where its owner had it cordoned, that is noted and comes back after it was replaced. */
function takeInHand(ledger: Ledger, member: MemberStanding): Decision {
  const owners = member.node?.unschedulable === true && !member.node.cordonedByUs;
  const noted = owners ? { ...ledger.ownerSettings, [ownersCordon(member)]: 'true' } : ledger.ownerSettings;
  const taken: Ledger = { ...ledger, ownerSettings: noted, inHand: [...ledger.inHand, identityOf(member)] };
  if (owners) {
    const why = `${member.name} is cordoned by its owner: its pods are asked to leave.`;
    return act(taken, 'evict-pods', [identityOf(member)], {}, why);
  }
  return cordon(taken, member);
}

function gateAfterFirst(situation: Situation, ledger: Ledger): Decision | null {
  const { input, hop, hopIndex } = situation;
  if (!input.plan.gateAfterFirstMember || ledger.gatesPassed.includes(hopIndex) || ledger.inHand.length > 0) return null;
  const lifted = nodesOf(situation).filter((member) => runs(member.seenMember.running, hop.to));
  if (lifted.length === 0) return null;
  const names = lifted.map((member) => member.name).join(', ');
  const says = `${names} runs ${showRelease(hop.to)}; the others wait at the gate.`;
  const because = reason('k8s.gate-after-first-member', names, says, 'Continue the upgrade when you are content, or cancel it.');
  return leave(situation, ledger, { kind: 'gate', because });
}

function finish(situation: Situation, ledger: Ledger, seen: SeenKubernetes): Outcome {
  const surge = surgeNodeOf(situation);
  if (surge === null) return { ledger };
  const removal = removeSurgeNode(situation, ledger, seen, surge, drainTimeoutOf(situation));
  if (removal.kind === 'goes-on') return { decision: removal.decision };
  if (removal.kind === 'gone') return { ledger: removal.ledger };
  return { decision: leave(situation, removal.ledger, { kind: 'stop', because: removal.because }) };
}
