/** How the time went: how long it takes, how long of that it rested, and how many members ran what when. */
import type { Entry } from './story.ts';
import type { Taking } from './takings.ts';

export interface Times {
  readonly tookMs: number;
  /** Paused, at a gate or stopped: nobody expected that. */
  readonly restedMs: number;
  readonly expectedMs: number | null;
}

interface Timed {
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export function timesOf(
  { createdAt, endedAt }: Timed,
  entries: readonly Entry[],
  estimateSeconds: number | null,
  nowMs: number,
): Times {
  const endMs = endedAt === null ? nowMs : Date.parse(endedAt);
  const rests = entries.filter(({ kind }) => kind === 'rest');
  const restedMs = rests.reduce((sum, rest) => sum + Math.max(0, msOf(rest.endedAt, endMs) - Date.parse(rest.at)), 0);
  const tookMs = Math.max(0, endMs - Date.parse(createdAt));
  return { tookMs, restedMs: Math.min(restedMs, tookMs), expectedMs: estimateSeconds === null ? null : estimateSeconds * 1_000 };
}

/** How long the members of a wave were away, and how long the cluster took to settle afterwards. */
export interface WaveDuration {
  readonly hop: number;
  /** Counted from 1 within its hop, as they were taken. */
  readonly number: number;
  readonly members: readonly string[];
  readonly awayMs: number;
  readonly settlingMs: number;
  readonly isOver: boolean;
  readonly tries: number;
}

export function durationsOf(takings: readonly Taking[], untilMs: number): readonly WaveDuration[] {
  return takings.map((one, index) => {
    const backMs = Math.min(msOf(one.backAt, untilMs), msOf(one.settledAt, untilMs));
    return {
      hop: one.hop,
      number: takings.slice(0, index + 1).filter(({ hop }) => hop === one.hop).length,
      members: one.members,
      awayMs: Math.max(0, backMs - Date.parse(one.beganAt)),
      settlingMs: Math.max(0, msOf(one.settledAt, untilMs) - backMs),
      isOver: one.settledAt !== null,
      tries: one.tries,
    };
  });
}

/** Members by what they run, at each moment when that changes. */
export interface Count {
  readonly atMs: number;
  /** For each release of the route, beginning with that of before. */
  readonly running: readonly number[];
  readonly away: number;
}

export function countsOverTime(
  members: readonly string[],
  hops: number,
  takings: readonly Taking[],
  fromMs: number,
  untilMs: number,
) {
  const at = new Map<string, number | 'away'>(members.map((name) => [name, 0]));
  const counts: Count[] = [countOf(at, hops, fromMs)];
  for (const { atMs, names, is } of changesOf(takings)) {
    for (const name of names) if (at.has(name)) at.set(name, is);
    counts.push(countOf(at, hops, atMs));
  }
  counts.push(countOf(at, hops, Math.max(untilMs, counts.at(-1)?.atMs ?? untilMs)));
  return counts as readonly Count[];
}

function changesOf(takings: readonly Taking[]) {
  return takings
    .flatMap(({ hop, members, beganAt, backAt }) => [
      { atMs: Date.parse(beganAt), names: members, is: 'away' as const },
      ...(backAt === null ? [] : [{ atMs: Date.parse(backAt), names: members, is: hop + 1 }]),
    ])
    .sort((one, other) => one.atMs - other.atMs);
}

function countOf(at: ReadonlyMap<string, number | 'away'>, hops: number, atMs: number): Count {
  const places = [...at.values()];
  return {
    atMs,
    running: Array.from({ length: hops + 1 }, (_, release) => places.filter((place) => place === release).length),
    away: places.filter((place) => place === 'away').length,
  };
}

function msOf(instant: string | null, otherwiseMs: number): number {
  return instant === null ? otherwiseMs : Date.parse(instant);
}
