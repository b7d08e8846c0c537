/**
 * decide: from what was planned, seen, noted and wanted to the next small move. Pure; all safety lives here.
 * It does not know: how a move is made, what was seen a moment ago, any clock.
 */
import {
  type DecideInput,
  type Decision,
  isGoingBack,
  isStopping,
  type Ledger,
  lasted,
  reason,
  type SeenKubernetes,
  showRelease,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { goOn } from './control-plane.ts';
import { stop, wait } from './decision.ts';
import { stepInHand } from './in-hand.ts';
import { leave } from './leave.ts';
import { soaking } from './marks.ts';
import { nodesOf } from './node-endings.ts';
import { liftNodes } from './node-group.ts';
import type { Outcome } from './outcome.ts';
import { answersForAnother, ofComponent, type Situation, situationOf } from './situation.ts';
import { startStray } from './stray.ts';

export type { ActName, Acts, KubernetesAct } from './acts.ts';
export { forceEviction } from './situation.ts';

export function decide(input: DecideInput<SeenKubernetes>): Decision {
  const situation = situationOf(input);
  const another = answersForAnother(situation);
  if (another !== null) return unreachable(situation, situation.ledger, another);
  const outcome = oneTurn(situation);
  if ('decision' in outcome) return outcome.decision;
  if ('again' in outcome) return decide({ ...input, ledger: outcome.again });
  return finish(situation, outcome.ledger);
}

/** A ledger: the hop is over, as it was to be or walked back. */
function oneTurn(situation: Situation): Outcome {
  const stopping = isStopping(situation.ledger);
  if (stopping !== null) return { decision: leave(situation, situation.ledger, { kind: 'stop', because: stopping }) };
  const strays = startStray(situation, situation.ledger);
  if (!('ledger' in strays)) return strays;
  const inHand = stepInHand(situation, strays.ledger);
  if (!('ledger' in inHand)) return inHand;
  const { seen, input } = situation;
  if (seen === null) return { decision: unreachable(situation, inHand.ledger) };
  const reached = withoutSince(inHand.ledger, 'unreachable');
  if (situation.group !== null) return liftNodes(situation, reached, seen, (current) => leaveAsWished(situation, current));
  if (input.intent !== 'go') return { decision: leaveAsWished(situation, reached) };
  return goOn(situation, reached, seen);
}

function finish(situation: Situation, ledger: Ledger): Decision {
  const because = isGoingBack(ledger, situation.hopIndex);
  if (because !== null) return leave(situation, ledger, { kind: 'returned', because });
  const lifted = situation.group === null ? 'The control plane runs' : `Every node of ${situation.group.name} runs`;
  const says = `${lifted} ${showRelease(situation.hop.to)}.`;
  if (situation.lastHop) return leave(situation, ledger, { kind: 'done', says });
  return decide({ ...situation.input, ledger: { ...ledger, hop: ledger.hop + 1, since: {} } });
}

function leaveAsWished(situation: Situation, ledger: Ledger): Decision {
  const lifted =
    situation.group === null
      ? ofComponent(situation, 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler')
      : nodesOf(situation);
  const shown = lifted.map(({ seenMember: { running } }) => (running === null ? 'not running' : showRelease(running)));
  const versions = [...new Set(shown)].sort();
  const mixed = versions.length > 1 ? ` Its members run ${versions.join(' and ')}; the same target takes it up again.` : '';
  if (situation.input.intent === 'pause') return leave(situation, ledger, { kind: 'paused', says: `Paused.${mixed}` });
  return leave(situation, ledger, { kind: 'cancelled', says: `Cancelled.${mixed}` });
}

/** `another`: somebody answers, for another cluster. Nothing of it is touched. */
function unreachable(situation: Situation, ledger: Ledger, another?: string): Decision {
  const { cluster } = situation.input.observation;
  const waiting = withSince(withoutSince(ledger, soaking), 'unreachable', situation.input.now);
  const because =
    another === undefined
      ? reason(
          'k8s.cluster-unreachable',
          'cluster',
          cluster.kind === 'unreachable' ? cluster.because : 'The cluster does not answer.',
          'An apiserver answering again.',
        )
      : reason('k8s.another-cluster-answers', 'cluster', another, 'The cluster that the plan was made from answering again.');
  if (lasted(waiting, 'unreachable', situation.nowMs) > limits.unreachableMs) {
    const clearedBy =
      another === undefined
        ? 'See why no apiserver answers; when one does, resume the upgrade.'
        : 'See what answers at its addresses; when the cluster itself does again, resume the upgrade.';
    return stop(withoutSince(waiting, 'unreachable'), { ...because, clearedBy });
  }
  return wait(waiting, because);
}
