/** Turns of observe, decide, act in the small world until the end. */
import {
  type DecideInput,
  type Decision,
  emptyLedger,
  type Intent,
  type KubernetesCluster,
  type Ledger,
  type MemberTrial,
  type Plan,
  type SeenKubernetes,
} from '../../domain/index.ts';
import { decide } from './decide/index.ts';
import { catalog, passedTrials, type World, worldCluster } from './testing-world.ts';
import { perform, settle, watch } from './testing-world-acts.ts';
import { observe } from './testing-world-look.ts';

export interface RunOptions {
  readonly plan: Plan;
  readonly cluster?: KubernetesCluster;
  readonly intent?: (turn: number) => Intent;
  readonly ledger?: Ledger;
  readonly generation?: number;
  readonly trials?: readonly MemberTrial[];
  readonly acknowledged?: readonly string[];
  /** Called before each turn: faults are injected here. */
  readonly before?: (world: World, turn: number) => void;
  /** Acts that fail and change nothing. */
  readonly failing?: (act: string, turn: number) => boolean;
  /** `before`: the turn is cut off before its act; `after`: once the act was made, before its marks are written. */
  readonly cutOff?: (turn: number) => 'before' | 'after' | null;
  readonly maxTurns?: number;
}

export interface RunEnd {
  readonly last: Decision;
  readonly turns: number;
  readonly remarks: readonly string[];
  readonly waits: readonly string[];
}

/** A run that does not end throws. */
export function run(world: World, options: RunOptions): RunEnd {
  let ledger = options.ledger ?? emptyLedger;
  const remarks: string[] = [];
  const waits: string[] = [];
  for (let turn = 0; turn < (options.maxTurns ?? 3_000); turn += 1) {
    options.before?.(world, turn);
    settle(world);
    watch(world, `turn ${turn}`);
    const decision = decide(inputOf(world, options, ledger, turn));
    ledger = decision.ledger;
    remarks.push(...decision.remarks);
    if (decision.move.do === 'act') {
      ledger = actOut(world, options, decision, turn);
      world.nowMs += 1_000;
    } else if (decision.move.do === 'wait') {
      if (waits.at(-1) !== decision.move.for.code) waits.push(decision.move.for.code);
      world.nowMs += Math.max(decision.move.lookAgainAfterMs, 2_000);
    } else {
      return { last: decision, turns: turn + 1, remarks, waits };
    }
  }
  throw new Error(`the run did not end: ${world.acts.slice(-5).join('; ')} / ${waits.slice(-3).join(', ')}`);
}

function inputOf(world: World, options: RunOptions, ledger: Ledger, turn: number): DecideInput<SeenKubernetes> {
  return {
    cluster: options.cluster ?? worldCluster(world),
    catalog,
    plan: options.plan,
    observation: observe(world),
    ledger,
    intent: options.intent?.(turn) ?? 'go',
    generation: options.generation ?? 1,
    trials: options.trials ?? passedTrials(world, options.plan),
    acknowledged: options.acknowledged ?? [],
    now: new Date(world.nowMs).toISOString(),
  };
}

function actOut(world: World, options: RunOptions, decision: Decision, turn: number): Ledger {
  const { ledger, move } = decision;
  const cut = options.cutOff?.(turn) ?? null;
  if (move.do !== 'act' || cut === 'before') return ledger;
  const name = `${move.move} ${move.on.map((identity) => identity.name).join(',')}`.trim();
  const done = options.failing?.(name, turn) !== true && perform(world, decision);
  if (!done || cut === 'after') return ledger;
  return { ...ledger, marks: [...new Set([...ledger.marks, ...(move.marksWhenDone ?? [])])] };
}
