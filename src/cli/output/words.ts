import type { Cluster, Release } from '../api/wire.ts';

/** `6.7.0`, or `6.7.0 (ali1.2.0)` where there is a build. */
export function showRelease(release: Release): string {
  return release.build === null ? release.version : `${release.version} (${release.build})`;
}

/** `created`, or `created, simulated` of a cluster of which nothing is real. */
export function showOrigin({ origin, tags }: Pick<Cluster, 'origin' | 'tags'>): string {
  return tags['clusterlift:simulated'] === 'true' ? `${origin}, simulated` : origin;
}

export function showWay(from: Release, to: Release): string {
  return `${showRelease(from)} -> ${showRelease(to)}`;
}

/** `2026-11-24 23:17:05Z`: UTC everywhere, as in the log of the server. */
export function showMoment(instant: string): string {
  return instant.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d).*$/, '$1 $2Z');
}

/** `2026-11-24`; `-` where no day is known. */
export function showDay(instant: string | null): string {
  return instant === null ? '-' : instant.slice(0, '2026-11-24'.length);
}

/** `23:17:05Z` */
export function showClock(instant: string): string {
  return showMoment(instant).slice(-9);
}

/** `45 s`, `3 min 5 s`, `2 h 4 min`. */
export function showSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min${whole % 60 === 0 ? '' : ` ${whole % 60} s`}`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}

export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

/** `1 hop`, `3 hops`, `2 policy findings`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * The same value with every text in one line and free of control characters. Names and a node's last words come from
 * elsewhere; none of them may steer the terminal.
 */
export function printable<T>(value: T): T {
  if (typeof value === 'string') return oneLine(value) as T;
  if (Array.isArray(value)) return value.map(printable) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [oneLine(key), printable(inner)])) as T;
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ');
}
