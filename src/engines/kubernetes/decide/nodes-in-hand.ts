import {
  attemptsOf,
  type Decision,
  isGoingBack,
  type Ledger,
  type Release,
  reason,
  type SeenKubernetes,
  showRelease,
  withAttempt,
  withoutSince,
} from '../../../domain/index.ts';
import type { Aim } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { act, letGo } from './decision.ts';
import { drain, forgetDrain } from './drain.ts';
import { waitForProcess } from './held-back.ts';
import { doesNotGetReady, doesNotStart, hasRefused, replaceKey, startKey } from './launching.ts';
import { mayUncordon, uncordon } from './leave-nodes.ts';
import { turnBackNodes } from './node-endings.ts';
import type { Outcome } from './outcome.ts';
import { drainTimeoutOf, hasNoProcess, identityOf, type MemberStanding, releaseOf, runs, type Situation } from './situation.ts';
import { processNotKnown, readiness } from './waiting.ts';

/** What the nodes in hand come to: one of them has an act; or all of them are waited for, the first one's reason in front. */
export type NodesInHand =
  | { readonly kind: 'acts'; readonly outcome: Outcome }
  | { readonly kind: 'waits'; readonly decision: Decision }
  | { readonly kind: 'none'; readonly ledger: Ledger };

/** Brings every node in hand one step on: drained, replaced, ready, and pods let to it again as its owner had it. */
export function stepNodes(situation: Situation, before: Ledger, seen: SeenKubernetes): NodesInHand {
  let ledger = before;
  let first: Decision | null = null;
  for (const identity of before.inHand) {
    const member = situation.members.find(({ name, spec }) => name === identity.name && spec.component === 'node');
    const outcome = member === undefined ? { ledger: letGo(ledger, identity.name) } : stepNode(situation, ledger, seen, member);
    if ('ledger' in outcome) ledger = outcome.ledger;
    else if ('decision' in outcome && outcome.decision.move.do === 'wait') {
      first ??= outcome.decision;
      ledger = outcome.decision.ledger;
    } else return { kind: 'acts', outcome };
  }
  return first === null ? { kind: 'none', ledger } : { kind: 'waits', decision: { ...first, ledger } };
}

function stepNode(situation: Situation, ledger: Ledger, seen: SeenKubernetes, member: MemberStanding): Outcome {
  const back = isGoingBack(ledger, situation.hopIndex) !== null;
  const release = back ? situation.hop.from : situation.hop.to;
  const aim: Aim = { release, emulate: null };
  const notKnown = processNotKnown(member);
  if (notKnown !== null) return waitForProcess(situation, ledger, member, notKnown);
  if (hasNoProcess(member)) {
    if (hasRefused(situation, ledger, member, aim)) return turnBackNodes(situation, ledger, doesNotStart(member, aim));
    return { decision: startNode(ledger, member, release) };
  }
  const { running } = member.seenMember;
  const unmade = back && runs(running, situation.hop.to) ? !member.ready : back && running === null;
  if (unmade && attemptsOf(ledger, replaceKey(member, aim)) === 0) return replaceNode(situation, ledger, member, aim);
  // Where nobody tells of the node in this look, its host knows what it started.
  const known = back ? running : releaseOf(member);
  if (known !== null && !runs(known, release) && !(back && member.ready)) return takeNode(situation, ledger, seen, member, aim);
  const standing = readiness(situation, ledger, member, aim);
  if (standing.kind === 'waits') return standing.outcome;
  if (standing.kind === 'too-long') return turnBackNodes(situation, standing.ledger, doesNotGetReady(member, aim));
  return giveBack(standing.ledger, member);
}

/** Still what it was: drained and replaced, or let go where its owner wants no more of it. */
function takeNode(situation: Situation, ledger: Ledger, seen: SeenKubernetes, member: MemberStanding, aim: Aim): Outcome {
  if (situation.input.intent !== 'go' && member.ready) return { ledger: letGo(forgetDrain(ledger, member), member.name) };
  const drained = drain(situation, ledger, seen, member, drainTimeoutOf(situation));
  if (drained.kind === 'goes-on') return { decision: drained.decision };
  if (drained.kind === 'given-up') return turnBackNodes(situation, drained.ledger, drained.because);
  return replaceNode(situation, drained.ledger, member, aim);
}

function replaceNode(situation: Situation, ledger: Ledger, member: MemberStanding, aim: Aim): Outcome {
  const key = replaceKey(member, aim);
  if (attemptsOf(ledger, key) >= limits.replaceAttempts) {
    const says = `${member.name} does not come to run at ${showRelease(aim.release)}, however often it is replaced.`;
    const remedy = 'See the failed attempts above for the cause, mend it, then resume the upgrade.';
    return turnBackNodes(situation, ledger, reason('k8s.member-does-not-change', member.name, says, remedy));
  }
  const counted = withAttempt(started(ledger, member, aim), key);
  const why = `Stops ${member.name} and starts it anew at ${showRelease(aim.release)}.`;
  return { decision: act(counted, 'replace-node', [identityOf(member)], parametersOf(aim.release), why) };
}

function startNode(ledger: Ledger, member: MemberStanding, release: Release): Decision {
  const aim = { release, emulate: null };
  const why = `Starts ${member.name} at ${showRelease(release)}.`;
  return act(started(ledger, member, aim), 'start-node', [identityOf(member)], parametersOf(release), why);
}

function started(ledger: Ledger, member: MemberStanding, aim: Aim): Ledger {
  const { name } = member;
  return withoutSince(withAttempt(ledger, startKey(member, aim)), `getting ready ${name}`, `steady ${name}`);
}

function parametersOf({ version, build }: Release) {
  return { version, build };
}

/** Its owner had it cordoned before it was replaced. */
export function ownersCordon({ name }: MemberStanding): string {
  return `cordoned ${name}`;
}

/** It is ready: pods may come to it again, unless its owner had it otherwise. What cannot be changed is left to the way out. */
function giveBack(ledger: Ledger, member: MemberStanding): Outcome {
  const key = ownersCordon(member);
  const again = `${key} again`;
  const owners = ledger.ownerSettings[key] === 'true' && member.node?.unschedulable === false;
  if (owners && attemptsOf(ledger, again) < limits.cleanAttempts) {
    const why = `Cordons ${member.name} again, as its owner had it.`;
    return { decision: act(withAttempt(ledger, again), 'cordon', [identityOf(member)], { owner: 'true' }, why) };
  }
  if (member.node?.cordonedByUs === true && mayUncordon(ledger, member)) return { decision: uncordon(ledger, member) };
  const ownerSettings = Object.fromEntries(Object.entries(ledger.ownerSettings).filter(([name]) => name !== key));
  return { ledger: letGo(forgetDrain({ ...ledger, ownerSettings }, member), member.name) };
}
