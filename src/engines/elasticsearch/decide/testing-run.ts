/** Moves carried out in the small world at once, and turns of observe, decide, act until the end. */
import {
  type DecideInput,
  type Decision,
  type ElasticsearchCatalog,
  type ElasticsearchCluster,
  emptyLedger,
  type Intent,
  type Ledger,
  type MemberTrial,
  type Plan,
  type Release,
  type SeenElasticsearch,
  showRelease,
} from '../../../domain/index.ts';
import { split } from './allocation.ts';
import { decide } from './index.ts';
import { observe, passedTrials, type World, type WorldCopy } from './testing.ts';

/** Carries out an act at once. What it must never do is noted as a violation. */
export function perform(world: World, decision: Decision, options: { readonly refused?: boolean } = {}): void {
  const { move } = decision;
  if (move.do !== 'act') return;
  const named = move.move === 'run-hook' ? `${move.move} ${move.parameters.hook}` : move.move;
  world.acts.push(`${named} ${move.on.map((identity) => identity.name).join(',')}`.trim());
  if (move.move === 'freeze' || move.move === 'thaw') {
    for (const [key, value] of Object.entries(move.parameters)) {
      const { level, name } = split(key);
      if (value === null) delete world[level][name];
      else world[level][name] = value;
    }
  }
  if ((move.move === 'lift-member' || move.move === 'start-member') && options.refused !== true) {
    const release = { version: move.parameters.version ?? '', build: move.parameters.build ?? null };
    if (move.move === 'lift-member')
      stopAll(
        world,
        move.on.map((identity) => identity.name),
      );
    for (const identity of move.on) start(world, identity.name, release);
  }
  if (move.move === 'prefetch' && options.refused !== true) world.prefetched.push(String(move.parameters.version));
  if (move.move === 'adopt-member')
    for (const node of world.nodes.filter(({ spec }) => move.on.some((identity) => identity.name === spec.name)))
      if (String(node.startedByOwner?.pid) === move.parameters.pid && options.refused !== true) node.startedByOwner = null;
  heal(world);
}

export function stopAll(world: World, names: readonly string[]): void {
  for (const node of world.nodes.filter((candidate) => names.includes(candidate.spec.name))) {
    node.running = false;
    node.joined = false;
  }
  const left = world.nodes.filter((node) => node.joined);
  for (const shard of new Set(world.copies.map((copy) => `${copy.index}/${copy.shard}`))) {
    const copies = world.copies.filter((copy) => `${copy.index}/${copy.shard}` === shard);
    const before = copies.some((copy) => copy.node !== null);
    for (const copy of copies) if (copy.node !== null && names.includes(copy.node)) copy.node = null;
    const kept = copies.filter((copy) => copy.node !== null);
    if (before && kept.length === 0) world.violations.push(`${shard} lost its last copy when ${names.join(',')} stopped`);
    promote(copies);
  }
  const masters = world.nodes.filter((node) => node.spec.roles.includes('master'));
  const staying = left.filter((node) => node.spec.roles.includes('master'));
  if (staying.length * 2 <= masters.length) world.violations.push(`the quorum was lost when ${names.join(',')} stopped`);
  if (names.includes(world.master)) world.master = staying[0]?.spec.name ?? '';
}

function promote(copies: readonly WorldCopy[]): void {
  if (copies.some((copy) => copy.primary && copy.node !== null)) return;
  const heir = copies.find((copy) => copy.node !== null);
  const lost = copies.find((copy) => copy.primary);
  if (heir === undefined || lost === undefined) return;
  lost.primary = false;
  heir.primary = true;
}

function start(world: World, name: string, release: Release): void {
  const node = world.nodes.find((candidate) => candidate.spec.name === name);
  if (node === undefined) return;
  // The host knows nothing of a process that the owner started: it would start another one beside it.
  if (node.running && (node.startedByOwner ?? null) !== null) world.violations.push(`${name} was started beside itself`);
  if (node.running) return;
  node.release = release;
  node.launches += 1;
  if (node.refuses?.version === release.version) return;
  node.running = true;
  node.joined = true;
  if (world.master === '') world.master = name;
}

/** Where allocation is on, unassigned copies that nothing blocks are made on nodes that may hold them. */
export function heal(world: World): void {
  const enabled =
    (world.transient['cluster.routing.allocation.enable'] ?? world.persistent['cluster.routing.allocation.enable'] ?? 'all') ===
    'all';
  if (!enabled) return;
  for (const copy of world.copies.filter((candidate) => candidate.node === null && candidate.blockedBy === null)) {
    const holders = world.copies
      .filter((other) => other.index === copy.index && other.shard === copy.shard && other.node !== null)
      .map((other) => other.node);
    const zones = world.nodes.filter((node) => holders.includes(node.spec.name)).map((node) => node.spec.zone);
    const free = world.nodes.filter(
      (node) => node.joined && node.spec.roles.includes('data') && !holders.includes(node.spec.name),
    );
    const room = free.find((node) => node.spec.zone === null || !zones.includes(node.spec.zone));
    if (room !== undefined) copy.node = room.spec.name;
  }
}

export interface RunOptions {
  readonly cluster: ElasticsearchCluster;
  readonly plan: Plan;
  readonly intent?: (turn: number) => Intent;
  readonly ledger?: Ledger;
  readonly generation?: number;
  readonly trials?: readonly MemberTrial[];
  readonly catalog?: ElasticsearchCatalog;
  /** Called before each turn: faults are injected here. */
  readonly before?: (world: World, turn: number) => void;
  /** Acts that fail: `run-hook preStop n1`, `adopt-member n1`, `lift-member n1`. */
  readonly failing?: (act: string) => boolean;
  /** Cuts the turn off before its act is performed. */
  readonly cutOff?: (turn: number) => boolean;
  readonly maxTurns?: number;
}

export interface RunEnd {
  readonly last: Decision;
  readonly turns: number;
  readonly remarks: readonly string[];
  readonly waits: readonly string[];
}

/** Turns of observe, decide, act until the end; a run that does not end throws. */
export function run(world: World, options: RunOptions): RunEnd {
  let ledger = options.ledger ?? emptyLedger;
  const remarks: string[] = [];
  const waits: string[] = [];
  for (let turn = 0; turn < (options.maxTurns ?? 400); turn += 1) {
    options.before?.(world, turn);
    const input: DecideInput<SeenElasticsearch> = {
      cluster: options.cluster,
      catalog: options.catalog ?? { engine: 'elasticsearch', releases: [], edges: [] },
      plan: options.plan,
      observation: observe(world),
      ledger,
      intent: options.intent?.(turn) ?? 'go',
      generation: options.generation ?? 1,
      trials: options.trials ?? passedTrials(world, options.plan),
      now: new Date(world.nowMs).toISOString(),
    };
    const decision = decide(input);
    ledger = decision.ledger;
    remarks.push(...decision.remarks);
    if (decision.move.do === 'act') {
      if (options.cutOff?.(turn) !== true) {
        perform(world, decision, {
          refused: options.failing?.(`${decision.move.move} ${decision.move.on.map(({ name }) => name).join(',')}`) === true,
        });
        const succeeded = options.failing?.(world.acts.at(-1) ?? '') !== true;
        if (succeeded) ledger = { ...ledger, marks: [...new Set([...ledger.marks, ...(decision.move.marksWhenDone ?? [])])] };
      }
      world.nowMs += 1_000;
    } else if (decision.move.do === 'wait') {
      waits.push(decision.move.for.code);
      world.nowMs += Math.max(decision.move.lookAgainAfterMs, 5_000);
    } else {
      return { last: decision, turns: turn + 1, remarks, waits };
    }
  }
  throw new Error(
    `the run did not end: ${world.acts.slice(-5).join('; ')} / ${waits.slice(-3).join(', ')} (${showRelease(options.plan.to)})`,
  );
}
