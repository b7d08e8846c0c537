import { attemptsOf, type Ledger, lasted, reason, type SeenKubernetes, withAttempt, withSince } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { act, wait } from './decision.ts';
import type { LeaveStep } from './leave.ts';
import { identityOf, isDown, type MemberStanding, nodesUnknown, ofComponent, type Situation } from './situation.ts';
import { removeSurgeNode, surgeNodeOf } from './surge-node.ts';

/** On the way out no node stays cordoned by us, and the surge node of the group that was lifted goes. */
export function leaveNodes(situation: Situation, ledger: Ledger): LeaveStep {
  const { seen, cluster } = situation;
  if (seen === null || cluster.spec.nodegroups.length === 0) return { ledger, remarks: [] };
  const unknown = nodesUnknown(situation);
  if (unknown !== null) return waitForNodes(situation, ledger, unknown);
  const surge = leaveSurgeNode(situation, ledger, seen);
  if ('decision' in surge) return surge;
  const cordoned = situation.members.filter((member) => member.node?.cordonedByUs === true);
  const left = cordoned.find((member) => mayUncordon(surge.ledger, member));
  if (left !== undefined) return { decision: uncordon(surge.ledger, left) };
  return {
    ledger: surge.ledger,
    remarks: [...surge.remarks, ...cordoned.map(({ name }) => `${name} could not be uncordoned: kubectl uncordon ${name}.`)],
  };
}

/** Without etcd nobody tells of nodes, and on the way out nobody starts it: that is for whoever comes after the end. */
function waitForNodes(situation: Situation, ledger: Ledger, unknown: string): LeaveStep {
  const waiting = withSince(ledger, 'leaving', situation.input.now);
  const inVain = ofComponent(situation, 'etcd').some(isDown);
  if (inVain || lasted(waiting, 'leaving', situation.nowMs) >= limits.exitSettleMs)
    return { ledger: waiting, remarks: [`It is not known whether a node is still cordoned by us (${unknown}).`] };
  const because = reason(
    'k8s.nodes-not-seen',
    'nodes',
    `The nodes are not known: ${unknown}.`,
    'The list of nodes answered again.',
  );
  return { decision: wait(waiting, because, limits.lookAgainSlowlyMs) };
}

function uncordonKey({ name }: MemberStanding): string {
  return `uncordon ${name}`;
}

/** Not tried too often yet. */
export function mayUncordon(ledger: Ledger, member: MemberStanding): boolean {
  return attemptsOf(ledger, uncordonKey(member)) < limits.cleanAttempts;
}

export function uncordon(ledger: Ledger, member: MemberStanding) {
  const why = `Lets pods come to ${member.name} again.`;
  return act(withAttempt(ledger, uncordonKey(member)), 'uncordon', [identityOf(member)], {}, why);
}

function leaveSurgeNode(situation: Situation, ledger: Ledger, seen: SeenKubernetes): LeaveStep {
  const surge = surgeNodeOf(situation);
  if (surge === null) return { ledger, remarks: [] };
  const removal = removeSurgeNode(situation, ledger, seen, surge, limits.exitSettleMs);
  if (removal.kind === 'goes-on') return { decision: removal.decision };
  if (removal.kind === 'gone') return { ledger: removal.ledger, remarks: [] };
  return { ledger: removal.ledger, remarks: [`${surge.name} goes on running: ${removal.because.says}`] };
}
