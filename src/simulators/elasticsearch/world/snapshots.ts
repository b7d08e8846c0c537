import { touch } from './cluster-state.ts';
import { newId, varied } from './dice.ts';
import type { Moment, SimCluster, SimRepository, SimSnapshot, World } from './model.ts';

export interface NewSnapshot {
  readonly name: string;
  readonly version: string;
  readonly indices: readonly string[];
  readonly includesGlobalState: boolean;
  readonly wallMs: number;
}

export function startSnapshot(
  world: World,
  cluster: SimCluster,
  repository: SimRepository,
  wanted: NewSnapshot,
  moment: Moment,
): SimSnapshot {
  const { wallMs, ...rest } = wanted;
  const snapshot: SimSnapshot = {
    ...rest,
    uuid: newId(moment.random),
    startedAtMs: moment.nowMs,
    endsAtMs: moment.nowMs + tookMs(world, repository, wanted.indices.length, moment),
    startedAtWallMs: wallMs,
    endedAtWallMs: null,
    state: 'IN_PROGRESS',
  };
  repository.snapshots.set(snapshot.name, snapshot);
  touch(cluster, moment);
  return snapshot;
}

/** What the shards of an index weigh in a snapshot. */
const indexBytes = 4096;

/** A repository may hold its writers back. */
function tookMs(world: World, repository: SimRepository, indices: number, moment: Moment): number {
  const [, bytes] = /^(\d+)b$/.exec(repository.settings.max_snapshot_bytes_per_sec ?? '') ?? [];
  const heldMs = bytes === undefined ? 0 : (1_000 * indices * indexBytes) / Math.max(1, Number(bytes));
  return heldMs + varied(world.durations.snapshotMs, moment.random);
}

/** Snapshots that have had their time are finished; one with a shard that has no primary is partial. */
export function finishSnapshots(cluster: SimCluster, moment: Moment, wallMs: number): void {
  for (const repository of cluster.repositories.values()) {
    for (const snapshot of repository.snapshots.values()) {
      if (snapshot.state !== 'IN_PROGRESS' || snapshot.endsAtMs > moment.nowMs) continue;
      const lost = cluster.copies.some(
        (copy) => copy.primary && copy.state === 'UNASSIGNED' && snapshot.indices.includes(copy.index),
      );
      snapshot.state = lost ? 'PARTIAL' : 'SUCCESS';
      snapshot.endedAtWallMs = wallMs;
      touch(cluster, moment);
    }
  }
}

export function runningSnapshots(
  cluster: SimCluster,
): readonly { readonly repository: string; readonly snapshot: SimSnapshot }[] {
  return [...cluster.repositories].flatMap(([repository, { snapshots }]) =>
    [...snapshots.values()].flatMap((snapshot) => (snapshot.state === 'IN_PROGRESS' ? [{ repository, snapshot }] : [])),
  );
}
