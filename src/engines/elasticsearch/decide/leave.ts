import {
  attemptsOf,
  type Decision,
  type Ledger,
  lasted,
  type OperatorReason,
  reason,
  withAttempt,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { ownersValues, stillFrozen } from './allocation.ts';
import { act, stop, wait } from './decision.ts';
import { forgetHooks, postStart } from './hooks.ts';
import { settledVerdict } from './settled.ts';
import type { Situation } from './situation.ts';

/** Since when nothing of ours is set any more, by a quiet look. */
const putBack = 'settings put back';

type WishedEnding = { readonly kind: 'done' | 'paused' | 'cancelled'; readonly says: string };
type AskingEnding = { readonly kind: 'stop' | 'gate'; readonly because: OperatorReason };
export type Ending = WishedEnding | AskingEnding;

/** Every exit goes through here: settings as their owner had them, hooks undone, the rest settled, and only then the end. */
export function leave(situation: Situation, ledger: Ledger, wished: Ending): Decision {
  const { seen } = situation;
  const ending = wished.kind === 'stop' && situation.input.intent === 'cancel' ? cancelledWith(wished.because) : wished;
  if (seen === null) return end(ledger, ending, ['The cluster could not be asked, so it is not known whether it is settled.']);
  const frozen = stillFrozen(ledger, seen);
  if (frozen.length > 0) return thaw(withoutSince(ledger, putBack), frozen, 'Puts allocation back as its owner had it.', ending);
  const inHand = ledger.inHand.map((identity) => identity.name);
  const others = situation.members.map((member) => member.name).filter((name) => !inHand.includes(name));
  const clean = forgetHooks(ledger, others);
  const hook = postStart(clean, situation.members);
  if (hook === null) return settleThenEnd(situation, clean, ending, []);
  if ('decision' in hook) return hook.decision;
  return settleThenEnd(situation, clean, ending, [
    `The post-start hook of ${hook.failing.name} fails: clients may still be kept from it.`,
  ]);
}

/** Who cancels is not asked again: what is not well is said with the end. */
function cancelledWith(because: OperatorReason): Ending {
  return { kind: 'cancelled', says: `Cancelled. ${because.says} ${because.clearedBy}` };
}

function settleThenEnd(situation: Situation, clean: Ledger, ending: Ending, remarks: readonly string[]): Decision {
  if (situation.seen === null) return end(clean, ending, remarks);
  const verdict = settledVerdict(situation.seen);
  if (verdict.settled) return lookAgain(situation, clean) ?? end(forgotten(clean), ending, [...remarks, ...verdict.explained]);
  const waiting = withSince(withoutSince(clean, putBack), 'leaving', situation.input.now);
  const patience = verdict.kind === 'unexplained' ? limits.unexplainedYellowMs : limits.exitSettleMs;
  if (lasted(waiting, 'leaving', situation.nowMs) < patience) return wait(waiting, verdict.because);
  return end(clean, ending, [...remarks, `Not settled on leaving: ${verdict.because.says}`]);
}

/**
 * A change that we gave up waiting for may still stand in the master's queue. What a look tells of settings may be older
 * than what it tells of the queue, so it takes two quiet looks, one after the other, until the owner's values are history.
 * The note of them is kept until then, and for good where the end comes sooner.
 */
function lookAgain(situation: Situation, ledger: Ledger): Decision | null {
  if (Object.keys(ledger.ownerSettings).length === 0 || ledger.since[putBack] !== undefined) return null;
  return wait(
    withSince(ledger, putBack, situation.input.now),
    reason(
      'es.settings-put-back',
      'cluster',
      'Allocation is as its owner had it, and is looked at once more: a change may be on its way.',
      'A second quiet look.',
    ),
  );
}

function forgotten(ledger: Ledger): Ledger {
  return Object.keys(ledger.ownerSettings).length === 0 ? ledger : { ...ledger, ownerSettings: {} };
}

/** Puts the owner's values back; after many failures a person is told exactly which. */
export function thaw(ledger: Ledger, keys: readonly string[], why: string, ending?: Ending): Decision {
  const values = ownersValues(ledger, keys);
  if (attemptsOf(ledger, 'thaw') >= limits.thawAttempts) {
    const wanted = Object.entries(values).map(([key, value]) => `${key} = ${value ?? '(not set)'}`);
    const also = ending?.kind === 'stop' ? [ending.because.says] : [];
    return stop(
      ledger,
      reason(
        'es.settings-could-not-be-put-back',
        keys.join(', '),
        'The cluster does not take back the settings of its owner.',
        'Put them back by hand, then resume.',
        [...wanted, ...also],
      ),
    );
  }
  return act(withAttempt(ledger, 'thaw'), 'thaw', [], why, values);
}

function end(ledger: Ledger, ending: Ending, remarks: readonly string[] = []): Decision {
  const at: Ledger = { ...ledger, since: {} };
  if ('because' in ending) return { move: { do: ending.kind, because: ending.because }, ledger: at, remarks };
  return { move: { do: 'done', as: ending.kind, says: ending.says }, ledger: at, remarks };
}
