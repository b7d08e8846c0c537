/** The loop: one turn of it is observe, decide, write the intent, act, write the outcome. */
import {
  type ActResult,
  type Cluster,
  type Decision,
  type EngineIo,
  isUnfinished,
  type Ledger,
  type Move,
  type NewEvent,
  type Observation,
  type Plan,
  type Reason,
  type Store,
  type Upgrade,
  type UpgradeEventKind,
  type UpgradeStatus,
} from '../domain/index.ts';
import { limits } from './limits.ts';
import type { LookPace } from './look-pace.ts';
import { type ControlParts, engineOf } from './parts.ts';
import type { Wakes } from './wakes.ts';
import { withoutSecrets } from './without-secrets.ts';

export type AdvanceEnd = 'go-on' | 'ended';

export interface LiftParts extends Pick<ControlParts, 'engines' | 'io' | 'log' | 'trials'> {
  readonly store: Store;
  readonly wakes: Wakes;
  /** Keeps looks at thousands of upgrades apart; without one each is looked at as soon as it likes. */
  readonly pace?: LookPace;
  /** Aborted when the server is about to end: no act is begun any more, waits end at once. */
  readonly closing: AbortSignal;
}

/** What one look found: everything a turn is about. */
interface Turn {
  readonly upgrade: Upgrade;
  readonly cluster: Cluster;
  readonly plan: Plan;
  readonly observation: Observation<unknown>;
  readonly decision: Decision;
}

/** One turn. Safe to run again from its beginning at any time: it begins with looking. */
export async function advance(parts: LiftParts, upgradeId: string, generation: number): Promise<AdvanceEnd> {
  const leave = parts.pace?.enter();
  try {
    return await turnOf(parts, upgradeId, generation);
  } finally {
    leave?.();
  }
}

async function turnOf(parts: LiftParts, upgradeId: string, generation: number): Promise<AdvanceEnd> {
  const began = Date.parse(parts.io.now());
  for (;;) {
    const aLook = () => look(parts, upgradeId, generation);
    const turn = await (parts.pace === undefined ? aLook() : parts.pace.look(aLook));
    if (turn === null) return 'ended';
    const { move } = turn.decision;
    if (move.do !== 'wait') {
      if (parts.closing.aborted) return 'go-on';
      return move.do === 'act' ? act(parts, turn, move) : end(parts, turn, move);
    }
    if (!(await recordWait(parts, turn, move.for))) return 'ended';
    const lookAgainAfterMs = parts.pace?.stretched(move.lookAgainAfterMs) ?? move.lookAgainAfterMs;
    // A turn begins with a look: where looks are far apart, so are turns.
    const left = began + Math.max(limits.turnTimeMs, 2 * lookAgainAfterMs) - Date.parse(parts.io.now());
    if (left <= 0 || parts.closing.aborted) return 'go-on';
    await parts.wakes.pause(upgradeId, Math.min(left, lookAgainAfterMs), parts.closing);
  }
}

/** After turns that threw again and again: a person is asked. What was thrown is a bug, or a database that is away. */
export async function giveUp(parts: LiftParts, upgradeId: string, generation: number, error: string): Promise<void> {
  const upgrade = await parts.store.getUpgrade(upgradeId);
  const cluster = upgrade && (await parts.store.getCluster(upgrade.clusterId));
  const because: Reason = {
    code: 'lift.unexpected-error',
    subject: upgradeId,
    says: `Something that should not happen did: ${withoutSecrets(error, Object.values(cluster?.secrets ?? {}))}`,
    clearedBy: 'See the server log, mend the cause, then resume the upgrade.',
  };
  await parts.store.writeTurn({
    upgradeId,
    generation,
    status: 'stopped',
    reason: because,
    events: [event(parts.io, 'stopped', because.says, { reason: because })],
    at: parts.io.now(),
  });
}

async function look(parts: LiftParts, upgradeId: string, generation: number): Promise<Turn | null> {
  const carried = await parts.store.getCarried(upgradeId);
  if (carried === undefined) return null;
  const { upgrade, cluster, plan } = carried;
  if (upgrade.status !== 'running' || upgrade.generation !== generation) return null;
  const { engine, catalog } = engineOf(parts, cluster);
  const releases = plan.hops.map(({ hop }) => hop.to);
  const [observation, trials] = await Promise.all([
    engine.observe(cluster, catalog, parts.io, 'turn'),
    parts.trials.of(cluster, releases, 'now'),
  ]);
  const { intent, ledger, acknowledged } = upgrade;
  const now = parts.io.now();
  const decision = engine.decide({
    cluster,
    catalog,
    plan,
    observation,
    ledger,
    intent,
    generation,
    trials,
    acknowledged,
    now,
  });
  return { upgrade, cluster, plan, observation, decision: withRemarksOnce(decision) };
}

/** A remark is told once in an upgrade; that it was told is a mark in the ledger. */
function withRemarksOnce(decision: Decision): Decision {
  const fresh = [...new Set(decision.remarks)].filter((remark) => !decision.ledger.marks.includes(`told: ${remark}`));
  if (fresh.length === 0) return { ...decision, remarks: [] };
  const marks = [...decision.ledger.marks, ...fresh.map((remark) => `told: ${remark}`)];
  return { ...decision, remarks: fresh, ledger: { ...decision.ledger, marks } };
}

async function recordWait(parts: LiftParts, { upgrade, decision }: Turn, because: Reason): Promise<boolean> {
  const sameReason = upgrade.reason?.code === because.code && upgrade.reason.subject === because.subject;
  if (sameReason && decision.remarks.length === 0 && sameLedger(upgrade.ledger, decision.ledger)) return true;
  const waiting = sameReason ? [] : [event(parts.io, 'waiting', because.says, { reason: because })];
  return parts.store.writeTurn({
    upgradeId: upgrade.id,
    generation: upgrade.generation,
    ledger: decision.ledger,
    reason: because,
    events: [...remarks(parts.io, decision), ...waiting],
    at: parts.io.now(),
  });
}

async function act(parts: LiftParts, turn: Turn, move: Extract<Move, { do: 'act' }>): Promise<AdvanceEnd> {
  const { upgrade, cluster, plan, decision } = turn;
  const { engine, catalog } = engineOf(parts, cluster);
  const about = { move: move.move, members: move.on.map((identity) => identity.name) };
  const row = { upgradeId: upgrade.id, generation: upgrade.generation };
  const written = await parts.store.writeTurn({
    ...row,
    ledger: decision.ledger,
    reason: null,
    events: [...remarks(parts.io, decision), event(parts.io, 'acting', move.why, about)],
    at: parts.io.now(),
  });
  if (!written) return 'ended';
  const ticket = { clusterId: cluster.id, generation: upgrade.generation };
  const signal = AbortSignal.timeout(limits.actTimeoutMs);
  const ended = await engine.perform(move, { cluster, catalog, plan, ledger: decision.ledger, ticket, signal }, parts.io);
  const outcome = event(parts.io, outcomes[ended.kind], ended.says, { ...about, reason: failureReason(ended, about.members) });
  const learnt =
    ended.kind === 'done' && move.marksWhenDone !== undefined ? { ledger: withMarks(decision.ledger, move.marksWhenDone) } : {};
  await parts.store.writeTurn({ ...row, ...learnt, events: [outcome], at: parts.io.now() });
  return 'go-on';
}

function withMarks(ledger: Ledger, marks: readonly string[]): Ledger {
  return { ...ledger, marks: [...new Set([...ledger.marks, ...marks])] };
}

const outcomes = { done: 'acted', refused: 'refused', failed: 'failed' } as const;

function failureReason(ended: ActResult, members: readonly string[]): Reason | null {
  if (ended.kind !== 'failed') return null;
  return {
    code: 'act.failed',
    subject: members.join(', '),
    says: ended.says,
    clearedBy: 'It is looked at afresh; see the next event.',
    evidence: ended.lastLines,
  };
}

type End = Exclude<Move, { do: 'act' } | { do: 'wait' }>;

async function end(parts: LiftParts, turn: Turn, move: End): Promise<AdvanceEnd> {
  const { upgrade, cluster, decision } = turn;
  const ending = endingOf(move);
  const at = parts.io.now();
  // The lowest among the members, as a face shows it without asking the cluster.
  const release = engineOf(parts, cluster).engine.releaseOf(turn.observation);
  if (ending.status === 'done') await remember(parts, turn, at);
  const written = await parts.store.writeTurn({
    upgradeId: upgrade.id,
    generation: upgrade.generation,
    expectedIntent: upgrade.intent,
    ledger: decision.ledger,
    status: ending.status,
    reason: ending.reason,
    ...(isUnfinished(ending.status) ? {} : { endedAt: at }),
    ...(release === null ? {} : { release }),
    events: [...remarks(parts.io, decision), event(parts.io, ending.kind, ending.says, { reason: ending.reason })],
    at,
  });
  // The owner has wished something else since we looked: that is decided on in the next turn.
  return written ? 'ended' : 'go-on';
}

/** Before the ending is written: one that is cut off in between is decided again, and remembers the same. */
async function remember(parts: LiftParts, { cluster, plan }: Turn, at: string): Promise<void> {
  const { engine } = engineOf(parts, cluster);
  if (engine.after === undefined) return;
  await parts.store.changeSpec(cluster.id, (spec) => engine.after?.({ ...cluster, spec }, plan) ?? null, at);
}

function endingOf(move: End): { status: UpgradeStatus; kind: UpgradeEventKind; says: string; reason: Reason | null } {
  if (move.do === 'stop') return { status: 'stopped', kind: 'stopped', says: move.because.says, reason: move.because };
  if (move.do === 'gate') return { status: 'gated', kind: 'gated', says: move.because.says, reason: move.because };
  if (move.do === 'returned') return { status: 'returned', kind: 'returned', says: move.because.says, reason: move.because };
  return { status: move.as, kind: move.as, says: move.says, reason: null };
}

function remarks(io: Pick<EngineIo, 'now'>, decision: Decision): readonly NewEvent[] {
  return decision.remarks.map((remark) => event(io, 'remark', remark, {}));
}

type About = Partial<Pick<NewEvent, 'move' | 'members' | 'reason' | 'actor'>>;

export function event(io: Pick<EngineIo, 'now'>, kind: UpgradeEventKind, says: string, about: About): NewEvent {
  return { at: io.now(), kind, says, move: null, members: [], reason: null, actor: null, ...about };
}

function sameLedger(a: Ledger, b: Ledger): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
