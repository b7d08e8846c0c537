import {
  type Decision,
  isGoingBack,
  type Ledger,
  type OperatorReason,
  withGoingBack,
  withoutGoingBack,
} from '../../../domain/index.ts';
import { leave } from './leave.ts';
import type { Outcome } from './outcome.ts';
import { ofComponent, releaseOf, runs, type Situation } from './situation.ts';

/** The nodes of the group that is lifted, the place for one more left out. */
export function nodesOf(situation: Situation) {
  return ofComponent(situation, 'node').filter(({ spec }) => spec.nodegroup === situation.group?.name);
}

/** No further node is taken: those in hand go back to what they were. A node that fails there too is for a person. */
export function turnBackNodes(situation: Situation, ledger: Ledger, because: OperatorReason): Outcome {
  if (isGoingBack(ledger, situation.hopIndex) === null) return { again: withGoingBack(ledger, situation.hopIndex, because) };
  return { decision: leave(situation, ledger, { kind: 'stop', because }) };
}

/** Everything in hand is back. Nodes that were lifted before stay so, and then a person is asked; else nothing has changed. */
export function endTurnedBack(situation: Situation, ledger: Ledger, because: OperatorReason): Decision {
  const lifted = nodesOf(situation).filter((member) => runs(releaseOf(member), situation.hop.to));
  if (lifted.length === 0) return leave(situation, ledger, { kind: 'returned', because });
  const names = lifted.map((member) => member.name).join(', ');
  const evidence = [...(because.evidence ?? []), `lifted already: ${names}`];
  // Nothing is left to be walked back: whoever resumes has mended it, and the other nodes are lifted then.
  return leave(situation, withoutGoingBack(ledger, situation.hopIndex), { kind: 'stop', because: { ...because, evidence } });
}
