/** Releases, moments and durations, written one way everywhere. */
import { useEffect, useState } from 'react';
import type { Release } from '../api/index.ts';

export function releaseText({ version, build }: Release): string {
  return build === null ? version : `${version} (${build})`;
}

export function ReleaseName({ release }: { readonly release: Release }) {
  return (
    <span className="release">
      {release.version}
      {release.build === null ? null : <span className="build"> {release.build}</span>}
    </span>
  );
}

export const engineNames: Readonly<Record<'elasticsearch' | 'kubernetes', string>> = {
  elasticsearch: 'Elasticsearch',
  kubernetes: 'Kubernetes',
};

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `42 s`, `3 min 5 s`, `2 h 10 min`, `4 d`. */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.round(ms / secondMs)) * secondMs;
  if (whole < minuteMs) return `${whole / secondMs} s`;
  if (whole < hourMs) return joined(Math.floor(whole / minuteMs), 'min', (whole % minuteMs) / secondMs, 's');
  if (whole < 2 * dayMs) return joined(Math.floor(whole / hourMs), 'h', Math.floor((whole % hourMs) / minuteMs), 'min');
  return `${Math.round(whole / dayMs)} d`;
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

export function agoText(at: number, now: number): string {
  const ms = now - at;
  if (ms < 10 * secondMs) return 'just now';
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s ago`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min ago`;
  if (ms < 2 * dayMs) return `${Math.floor(ms / hourMs)} h ago`;
  return `${Math.floor(ms / dayMs)} d ago`;
}

const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

/** A moment in the reader's own time zone. */
export const momentText = (at: string): string => whole.format(new Date(at));
/** A day of the catalog: the same one wherever it is read. */
export const dayText = (at: string): string => day.format(new Date(at));

/** How long ago; the moment itself beside it. It goes on by itself. */
export function Moment({ at }: { readonly at: string }) {
  const now = useNow(agingMs);
  return (
    <time dateTime={at} title={momentText(at)}>
      {agoText(Date.parse(at), now)}
    </time>
  );
}

const agingMs = 5_000;

/** The time, moving on while it is looked at. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
