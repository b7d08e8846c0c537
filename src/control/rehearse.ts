/** One run of a rehearsal: the loop itself, on a simulated twin of a cluster, with a record that lives as long as the run. */
import {
  emptyLedger,
  type MemberTrial,
  type NewEvent,
  type Plan,
  type RehearsalRequest,
  type Rehearsals,
  type RehearsedRun,
  type RehearsedWait,
  type Store,
  type TurnWrite,
  type Upgrade,
} from '../domain/index.ts';
import { advance, type LiftParts } from './lift.ts';
import { type ControlParts, engineOf } from './parts.ts';

/** A run that has not ended after this much simulated time, or so many turns, is told as it stands. */
const runTimeoutMs = 24 * 3_600_000;
const turnsMax = 5_000;
const generation = 1;
/** With each of these, members are taken as a plan has them in its waves. */
const takingMoves: readonly string[] = ['lift-member', 'replace-member', 'replace-node'];

export interface RehearseParts extends Pick<ControlParts, 'engines' | 'log'> {
  readonly io: Pick<ControlParts['io'], 'certificates'>;
  readonly rehearsals: Rehearsals;
}

/** The plan is the real one's; each move is chosen afresh by what is seen of the twin. */
export async function rehearseOnce(parts: RehearseParts, plan: Plan, request: RehearsalRequest): Promise<RehearsedRun> {
  const world = await parts.rehearsals.open(request);
  const record = recordOf(plan, world.cluster, world.io.now());
  const lift: LiftParts = {
    engines: parts.engines,
    log: parts.log,
    io: { ...world.io, certificates: parts.io.certificates },
    trials: {
      of: async (cluster, releases) => {
        const members = engineOf(parts, cluster).engine.members(cluster);
        return members.flatMap(({ name }) =>
          releases.map((release): MemberTrial => {
            const key = { clusterId: cluster.id, member: name, release, settingsHash: '' };
            return { key, outcome: { kind: 'off' } };
          }),
        );
      },
    },
    store: record.store,
    wakes: { pause: (_upgrade, milliseconds, signal) => world.io.pause(milliseconds, signal), close: () => undefined },
    closing: new AbortController().signal,
  };
  try {
    for (let turn = 0; turn < turnsMax && world.nowMs() < runTimeoutMs; turn += 1)
      if ((await advance(lift, plan.id, generation)) === 'ended') break;
    const { status, reason } = record.upgrade();
    const waves = record.events.flatMap(({ kind, move, members }) =>
      kind === 'acting' && takingMoves.includes(move ?? '') ? [members] : [],
    );
    const { seed, fault } = request;
    const remarks = record.events.flatMap(({ kind, says }) => (kind === 'remark' ? [says] : []));
    return {
      ...{ seed, fault, status, reason, waves, remarks },
      tookMs: world.nowMs(),
      waits: waitsOf(record.events),
      thinnest: world.thinnest(),
      plane: world.plane(),
      violations: world.violations(),
    };
  } finally {
    world.close();
  }
}

/** From the event that tells of a wait to the next one that is no remark; those for the same reason and subject together. */
function waitsOf(events: readonly NewEvent[]): readonly RehearsedWait[] {
  const waits = new Map<string, RehearsedWait>();
  const told = events.filter(({ kind }) => kind !== 'remark');
  for (const [position, { kind, reason, at }] of told.entries()) {
    if (kind !== 'waiting' || reason === null) continue;
    const key = `${reason.code} ${reason.subject}`;
    const tookMs = Date.parse(told[position + 1]?.at ?? at) - Date.parse(at);
    waits.set(key, { reason, tookMs: tookMs + (waits.get(key)?.tookMs ?? 0) });
  }
  return [...waits.values()];
}

function recordOf(plan: Plan, cluster: RehearsalRequest['cluster'], at: string) {
  const events: NewEvent[] = [];
  let upgrade: Upgrade = {
    id: plan.id,
    clusterId: cluster.id,
    planId: plan.id,
    from: plan.from,
    to: plan.to,
    status: 'running',
    intent: 'go',
    generation,
    reason: null,
    ledger: { ...emptyLedger, generation },
    recorded: [],
    acknowledged: plan.findings.map(({ check }) => check),
    startedBy: plan.madeBy,
    createdAt: at,
    updatedAt: at,
    endedAt: null,
  };
  const writeTurn = async (turn: TurnWrite) => {
    const { ledger = upgrade.ledger, status = upgrade.status, reason = upgrade.reason, endedAt = upgrade.endedAt } = turn;
    upgrade = { ...upgrade, ledger, status, reason, endedAt, updatedAt: turn.at };
    events.push(...turn.events);
    return true;
  };
  // A gate waits for a person, and nobody is here.
  const carried = { ...plan, gateAfterFirstMember: false };
  // The loop asks nothing else of a store; what it may ask one day fails loudly.
  const store = {
    getCarried: async () => ({ upgrade, cluster, plan: carried }),
    writeTurn,
    changeSpec: async () => undefined,
  } as Partial<Store> as Store;
  return { store, events, upgrade: () => upgrade };
}
