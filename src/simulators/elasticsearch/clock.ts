import type { Clock as AnyClock } from '../clock.ts';
import type { Moment, World } from './world/index.ts';
import { finishSnapshots, tick } from './world/index.ts';

/** The clock of a world, with its dice. */
export interface Clock extends Omit<AnyClock, 'catchUp'> {
  /** Brings the world to the moment that it is now. */
  catchUp(): Moment;
}

export function withDice(clock: AnyClock, random: () => number): Clock {
  return { ...clock, catchUp: () => ({ nowMs: clock.catchUp(), random }) };
}

export interface Steps {
  readonly advance: (nowMs: number) => void;
  readonly nextEventMs: () => number | null;
}

/** Step by step: after one that changed something the next comes at once, otherwise when something is due. */
export function createSteps(world: World, random: () => number, wallMs: () => number, stepped: () => void): Steps {
  let restless = false;
  return {
    advance: (nowMs) => {
      const before = traitsOf(world);
      tick(world, { nowMs, random });
      for (const cluster of world.clusters.values()) finishSnapshots(cluster, { nowMs, random }, wallMs());
      stepped();
      restless = before !== traitsOf(world);
    },
    nextEventMs: () => (restless ? world.nowMs : nextDueMs(world)),
  };
}

/** What differs after a step that changed something. */
function traitsOf(world: World): string {
  const processes = [...world.processes.values()].map((node) => `${node.phase.at} ${node.httpOpen}`);
  const clusters = [...world.clusters.values()].map(
    ({ version, masterNodeId, electionEndsAtMs }) => `${version} ${masterNodeId} ${electionEndsAtMs}`,
  );
  return [...processes, ...clusters].join();
}

/** The next moment that is written down somewhere. */
function nextDueMs(world: World): number | null {
  const moments: number[] = [];
  for (const { phase, httpOpen } of world.processes.values()) {
    if (phase.at === 'starting' || phase.at === 'stopping') moments.push(phase.untilMs);
    if (phase.at === 'joining' && !httpOpen) moments.push(phase.sinceMs + world.durations.initialStateTimeoutMs);
  }
  for (const cluster of world.clusters.values()) {
    if (cluster.electionEndsAtMs !== null) moments.push(cluster.electionEndsAtMs);
    for (const { recovery, unassigned } of cluster.copies) {
      if (recovery !== null) moments.push(recovery.endsAtMs);
      if (unassigned !== null) moments.push(unassigned.delayedUntilMs ?? 0);
    }
    for (const { snapshots } of cluster.repositories.values())
      for (const { state, endsAtMs } of snapshots.values()) if (state === 'IN_PROGRESS') moments.push(endsAtMs);
  }
  const next = Math.min(...moments.filter((moment) => moment > world.nowMs));
  return Number.isFinite(next) ? next : null;
}
