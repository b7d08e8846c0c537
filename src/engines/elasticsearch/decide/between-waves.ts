import {
  attemptsOf,
  type Decision,
  type Ledger,
  lasted,
  reason,
  type SeenElasticsearch,
  showRelease,
  type WaitReason,
  withAttempt,
  withoutAttempts,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { judge } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { waveCandidates } from '../waves.ts';
import { allocationIsFrozen, changesToFreeze, isAllocationKey, type SettingChanges, split, stillFrozen } from './allocation.ts';
import { act, wait } from './decision.ts';
import { failingPreStop, preStop } from './hooks.ts';
import { lift } from './in-hand.ts';
import { type Ending, leave, thaw } from './leave.ts';
import { settledVerdict } from './settled.ts';
import type { MemberStanding, Situation } from './situation.ts';
import { processNotKnown } from './stray.ts';

/** How often allocation was held and no wave could be taken. */
const frozenInVain = 'frozen in vain';
/** How often it was asked to be held, and since when, and is not. */
const freezing = 'freeze';

type Gate = { readonly decision: Decision } | { readonly remarks: readonly string[]; readonly ledger: Ledger };

/** Nobody is in hand. Chooses and takes the next wave: settle, freeze, look again, take. */
export function nextWave(situation: Situation, ledger: Ledger, seen: SeenElasticsearch): Decision {
  const oursFrozen = stillFrozen(ledger, seen).some(isAllocationKey);
  if (oursFrozen) return takeFrozen(situation, withoutAttempts(withoutSince(ledger, freezing), freezing), seen);
  const gate = settledGate(situation, ledger, seen);
  if ('decision' in gate) return gate.decision;
  const chosen = chooseWave(situation, seen);
  if ('because' in chosen) return heldBack(situation, gate.ledger, chosen.because);
  const ending = notToBeTaken(situation, gate.ledger, chosen.wave);
  if (ending !== null) return leave(situation, gate.ledger, ending);
  const { changes, owners } = changesToFreeze(seen);
  if (Object.keys(changes).length === 0 || allocationIsFrozen(seen))
    return take(situation, gate.ledger, chosen.wave, gate.remarks);
  const notTaken = settingsNotTaken(situation, gate.ledger, changes);
  if (notTaken !== null) return notTaken;
  const asked = withAttempt(withSince(gate.ledger, freezing, situation.input.now), freezing);
  const frozen: Ledger = {
    ...withoutAttempts(withoutSince(asked, 'guard', 'settings put back'), 'thaw'),
    ownerSettings: { ...gate.ledger.ownerSettings, ...owners, ...keepOwners(gate.ledger, seen) },
  };
  return act(
    frozen,
    'freeze',
    [],
    `Holds replicas and rebalancing and flushes, before ${chosen.wave.map((member) => member.name).join(', ')} leaves.`,
    changes,
    gate.remarks,
  );
}

/** What was asked for before has not come about: asked again now and then, and a person is told which settings it is. */
function settingsNotTaken(situation: Situation, ledger: Ledger, changes: SettingChanges): Decision | null {
  const attempts = attemptsOf(ledger, freezing);
  if (lasted(ledger, freezing, situation.nowMs) >= attempts * limits.lookAgainSlowlyMs && attempts < limits.freezeAttempts)
    return null;
  const because = reason(
    'es.settings-not-taken',
    Object.keys(changes)
      .map((key) => split(key).name)
      .join(', '),
    'The cluster does not take the settings that hold allocation while a node is away.',
    'See in the events what it answers: give the user of Clusterlift the right to change cluster settings, or remove what is in the way, then resume the upgrade.',
  );
  if (attempts < limits.freezeAttempts) return wait(ledger, because, limits.lookAgainSlowlyMs);
  return leave(situation, ledger, { kind: 'stop', because });
}

/** Values that are noted and still in force stay as they were noted first: what is there now is ours. */
function keepOwners(ledger: Ledger, seen: SeenElasticsearch): Ledger['ownerSettings'] {
  return Object.fromEntries(stillFrozen(ledger, seen).map((key) => [key, ledger.ownerSettings[key] ?? null]));
}

/** Frozen: take the wave at once on these fresh facts, or thaw, for nothing heals while frozen. */
function takeFrozen(situation: Situation, ledger: Ledger, seen: SeenElasticsearch): Decision {
  const chosen = chooseWave(situation, seen);
  if (!('because' in chosen)) {
    const ending = notToBeTaken(situation, ledger, chosen.wave);
    return ending === null ? take(situation, withoutSince(ledger, 'frozen'), chosen.wave, []) : leave(situation, ledger, ending);
  }
  const waiting = withSince(ledger, 'frozen', situation.input.now);
  if (lasted(waiting, 'frozen', situation.nowMs) < limits.frozenPatienceMs) return wait(waiting, chosen.because);
  const counted = withAttempt(withoutSince(waiting, 'frozen'), frozenInVain);
  return thaw(
    counted,
    stillFrozen(counted, seen).filter(isAllocationKey),
    `No wave may be taken now (${chosen.because.says}); copies may be made meanwhile.`,
  );
}

/** What cannot be taken is not: the same before allocation is held and after, or it would be held and let go for ever. */
function notToBeTaken(situation: Situation, ledger: Ledger, wave: readonly MemberStanding[]): Ending | null {
  const failing = failingPreStop(situation, ledger, wave);
  if (failing !== undefined) return preStopFails(failing);
  return attemptsOf(ledger, frozenInVain) > limits.freezeAttempts ? heldBackWhileFrozen(wave) : null;
}

function heldBackWhileFrozen(wave: readonly MemberStanding[]): Ending {
  const names = wave.map((member) => member.name).join(', ');
  return {
    kind: 'stop',
    because: reason(
      'es.wave-held-back-while-frozen',
      names,
      `Whenever allocation is held for ${names}, a guard holds the wave back.`,
      'See the waits above for what held it back; when that is over, resume the upgrade.',
    ),
  };
}

function take(situation: Situation, ledger: Ledger, wave: readonly MemberStanding[], remarks: readonly string[]): Decision {
  const hook = preStop(situation, ledger, wave, remarks);
  if (hook !== null) return hook;
  const decision = lift(situation, ledger, wave);
  return { ...decision, remarks };
}

function preStopFails({ name }: MemberStanding): Ending {
  return {
    kind: 'stop',
    because: reason(
      'es.pre-stop-hook-fails',
      name,
      `The pre-stop hook of ${name} fails.`,
      'Mend the hook, then resume the upgrade.',
    ),
  };
}

type Chosen = { readonly wave: readonly MemberStanding[] } | { readonly because: WaitReason };

/** The best candidate that every guard lets through, whole zones before single members; else what holds the best one back. */
export function chooseWave(situation: Situation, seen: SeenElasticsearch): Chosen {
  const { awarenessAttribute } = situation.cluster.spec;
  const ready = situation.members
    .filter((member) => !member.lifted && member.joined && member.seenMember.process.state === 'running')
    .map((member) => ({ ...member, elected: member.node?.nodeId === seen.masterNodeId }));
  const candidates = [...waveCandidates(ready, awarenessAttribute), ...waveCandidates(ready, null)];
  let because: WaitReason | null = null;
  for (const names of candidates.map((wave) => wave.map((member) => member.name))) {
    const wave = situation.members.filter((member) => names.includes(member.name));
    const verdict = judge({ wave, members: situation.members, seen, awarenessAttribute });
    if (verdict.may) return { wave };
    because ??= verdict.because;
  }
  return { because: because ?? noCandidate(situation) };
}

function noCandidate(situation: Situation): WaitReason {
  const left = situation.members.find((member) => !member.lifted);
  const name = left?.name ?? 'cluster';
  if (left?.joined === true && left.seenMember.process.state !== 'running') return processNotKnown(left);
  return reason('es.member-not-joined', name, `${name} is not in the cluster.`, `${name} joined again.`);
}

/** A guard holds every wave back: waited for, then a person is asked with that guard's own reason. */
function heldBack(situation: Situation, ledger: Ledger, because: WaitReason): Decision {
  const waiting = withSince(ledger, 'guard', situation.input.now);
  if (lasted(waiting, 'guard', situation.nowMs) < limits.guardPatienceMs) return wait(waiting, because);
  return leave(situation, withoutSince(waiting, 'guard'), { kind: 'stop', because });
}

/** Holds the next wave until the last one is settled; a permanently yellow cluster goes on with a remark, a red one stops. */
export function settledGate(situation: Situation, ledger: Ledger, seen: SeenElasticsearch): Gate {
  const verdict = settledVerdict(seen);
  if (verdict.settled) return { ledger: withoutSince(ledger, 'red', 'active', 'unexplained'), remarks: verdict.explained };
  const others = (['red', 'active', 'unexplained'] as const).filter((kind) => kind !== verdict.kind);
  const waiting = withSince(withoutSince(ledger, ...others), verdict.kind, situation.input.now);
  const waited = lasted(waiting, verdict.kind, situation.nowMs);
  const failed = seen.shards.some((copy) => copy.state === 'UNASSIGNED' && copy.unassignedReason === 'ALLOCATION_FAILED');
  const retries = `retry-failed ${situation.hopIndex}`;
  if (failed && verdict.kind !== 'active' && attemptsOf(waiting, retries) < limits.retryFailedAttempts) {
    return {
      decision: act(
        withAttempt(waiting, retries),
        'retry-failed',
        [],
        'Asks the cluster to try copies again whose allocation failed.',
      ),
    };
  }
  if (verdict.kind === 'unexplained' && waited >= limits.unexplainedYellowMs) {
    return { ledger: waiting, remarks: [`Goes on although the cluster stays yellow: ${verdict.because.says}`] };
  }
  const patience = verdict.kind === 'red' ? limits.redPatienceMs : limits.settleTimeoutMs;
  if (waited >= patience)
    return { decision: leave(situation, withoutSince(waiting, verdict.kind), { kind: 'stop', because: verdict.because }) };
  return { decision: wait(waiting, verdict.because) };
}

/** Every member runs the hop's target: settle once more, then the next hop or the end. */
export function finishHop(
  situation: Situation,
  ledger: Ledger,
  seen: SeenElasticsearch,
): Decision | { readonly nextHop: Ledger } {
  const frozen = stillFrozen(ledger, seen).filter(isAllocationKey);
  if (frozen.length > 0) return thaw(ledger, frozen, 'Lets replicas be made again.');
  const gate = settledGate(situation, ledger, seen);
  if ('decision' in gate) return gate.decision;
  if (situation.lastHop) {
    return leave(situation, gate.ledger, { kind: 'done', says: `Every member runs ${showRelease(situation.hop.to)}.` });
  }
  return { nextHop: { ...gate.ledger, hop: ledger.hop + 1 } };
}
