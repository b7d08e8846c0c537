import { isThinner, type ThinMoment } from '../../domain/index.ts';
import { isActive, membersOf, type SimCluster, type World } from './world/index.ts';

const examplesMax = 3;

export interface ThinMoments {
  /** After each step of the world. */
  look(): void;
  thinnest(): ThinMoment | null;
}

/** Watches how many started copies each shard has that should have several. */
export function watchThinMoments(world: World, cluster: () => SimCluster | undefined, members: readonly string[]): ThinMoments {
  let version = -1;
  let now: ThinMoment | null = null;
  let worst: ThinMoment | null = null;
  const close = () => {
    if (now === null) return;
    const ended = { ...now, forMs: world.nowMs - now.atMs };
    if (worst === null || isThinner(ended, worst)) worst = ended;
  };
  return {
    look: () => {
      const made = cluster();
      if (made === undefined || made.version === version) return;
      version = made.version;
      const next = momentOf(world, made, members);
      if (now !== null && next !== null && sameMoment(now, next)) return;
      close();
      now = next;
    },
    thinnest: () => {
      close();
      return worst;
    },
  };
}

function momentOf(world: World, cluster: SimCluster, members: readonly string[]): ThinMoment | null {
  const there = new Set(membersOf(world, cluster).map(({ nodeId }) => nodeId));
  const counts = new Map<string, number>();
  for (const { index, shard } of cluster.copies) counts.set(`${index}/${shard}`, 0);
  for (const copy of cluster.copies)
    if (isActive(copy) && there.has(copy.nodeId ?? '')) {
      const key = `${copy.index}/${copy.shard}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  const short = [...counts].flatMap(([shard, started]) => {
    const slash = shard.lastIndexOf('/');
    const index = cluster.indices.get(shard.slice(0, slash));
    const of = 1 + (index?.replicas ?? 0);
    const wasThere = cluster.everStarted.has(`${index?.uuid}${shard.slice(slash)}`);
    return wasThere && of > 1 && started < of ? [{ shard, started, of }] : [];
  });
  if (short.length === 0) return null;
  const started = Math.min(...short.map((one) => one.started));
  const thinnest = short.filter((one) => one.started === started);
  const names = new Set(membersOf(world, cluster).map(({ name }) => name));
  return {
    atMs: world.nowMs,
    forMs: 0,
    started,
    of: thinnest[0]?.of ?? 0,
    shards: thinnest.length,
    examples: thinnest.slice(0, examplesMax).map(({ shard }) => shard),
    away: members.filter((name) => !names.has(name)),
  };
}

function sameMoment(a: ThinMoment, b: ThinMoment): boolean {
  return a.started === b.started && a.shards === b.shards && a.away.join() === b.away.join();
}
