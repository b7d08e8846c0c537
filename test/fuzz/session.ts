/** A whole run over the faces: what was sent and answered, what the server's memory did, and what came of slow clients. */
import { setTimeout as pause } from 'node:timers/promises';
import { curlLine } from './curl.ts';
import { type FuzzWorld, liftsStill } from './fuzz-world.ts';
import { type FaceReport, fuzzFace } from './run.ts';
import { openSlowConnections } from './slow-connections.ts';
import { type FaceName, suiteOf } from './suites.ts';
import { tableOf } from './table.ts';

export interface Session {
  readonly reports: readonly FaceReport[];
  /** What must not be, one a line, each with the request that shows it. */
  readonly troubles: readonly string[];
  readonly table: string;
  /** Of the server: before the first request, once everything is warm, and at the end. */
  readonly residentMiB: { readonly begin: number; readonly warm: number; readonly end: number };
}

export interface Wanted {
  readonly requests: Readonly<Partial<Record<FaceName, number>>>;
  /** The first of them: a run that was cut off goes on there, with the same seed. */
  readonly from?: number;
  /** One number of a face alone, to look at it again. */
  readonly only?: { readonly face: FaceName; readonly number: number };
  readonly say: (line: string) => void;
}

const connections = 16;
/** So much is told at once. */
const chunk = 2_500;
const slowClients = 60;
const tidyMs = 500;
/** A first part warms the server up: what it keeps from there on is growth. */
const warmShare = 0.2;
/** After a hundred thousand requests a leak of one KiB in each would be a hundred MiB. */
export const growthLimitMiB = 64;

export async function fuzzSession(world: FuzzWorld, { requests, from = 0, only, say }: Wanted): Promise<Session> {
  const { port } = world;
  const tidying = tidyAgain(world);
  const slow = openSlowConnections(port, slowClients);
  const begin = await world.residentMiB();
  try {
    const warmAt = (count: number) => from + Math.ceil((count - from) * warmShare);
    const faces = Object.entries(requests) as readonly (readonly [FaceName, number])[];
    const first: FaceReport[] = [];
    for (const [face, count] of faces) first.push(await part(face, from, warmAt(count)));
    const warm = await world.residentMiB();
    const second: FaceReport[] = [];
    for (const [face, count] of faces) second.push(await part(face, warmAt(count), count));
    const residentMiB = { begin, warm, end: await world.residentMiB() };
    const reports = second.map((report, index) => joined(first[index] ?? report, report));
    await liftsStill(world);
    say(
      `Memory of the server: ${begin.toFixed(0)} MiB at the begin, ${warm.toFixed(0)} MiB once warm, ${residentMiB.end.toFixed(0)} MiB at the end.`,
    );
    say(`${slow.open()} of ${slowClients} slow clients are still connected.`);
    return { reports, troubles: reports.flatMap((report) => report.troubles.map(told)), table: tableOf(reports), residentMiB };
  } finally {
    slow.close();
    await tidying.end();
  }

  async function part(face: FaceName, from: number, to: number): Promise<FaceReport> {
    const suite = await suiteOf(face, world.lab.seed, world);
    if (only !== undefined) return fuzzFace(suite, { port, connections, from: only.number, count: only.face === face ? 1 : 0 });
    const reports: FaceReport[] = [];
    for (let at = from; at < to; at += chunk) {
      const report = await fuzzFace(suite, { port, connections, from: at, count: Math.min(chunk, to - at) });
      reports.push(report);
      for (const trouble of report.troubles) say(told(trouble));
      const end = `${(await world.residentMiB()).toFixed(0)} MiB, ${report.troubles.length} troubles`;
      say(`${face} ${at} to ${Math.min(at + chunk, to)}: ${report.seconds.toFixed(0)} s, ${end}; ${statusesOf(report)}`);
    }
    return reports.reduce(joined);
  }

  function told({ sendable, says, answer }: FaceReport['troubles'][number]): string {
    const { face, number, target, what } = sendable;
    const again = `CLUSTERLIFT_SEED=${world.lab.seed} npm run fuzz -- --only ${face}:${number}`;
    return [
      `${face}: ${says}`,
      `  wrong in it: ${target}: ${what}`,
      `  answer: ${answer}`,
      `  again: ${again}`,
      `  ${curlLine(port, sendable)}`,
    ].join('\n');
  }
}

/** Of all sorts of requests together, so that a run that is cut off has told what it saw. */
function statusesOf({ statuses }: FaceReport): string {
  const all = new Map<string, number>();
  for (const counts of Object.values(statuses))
    for (const [status, count] of counts) all.set(status, (all.get(status) ?? 0) + count);
  return [...all]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([status, count]) => `${status}: ${count}`)
    .join(', ');
}

function tidyAgain(world: FuzzWorld): { end(): Promise<void> } {
  const ending = new AbortController();
  const work = (async () => {
    for (;;) {
      await pause(tidyMs, undefined, { signal: ending.signal });
      await world.tidy();
    }
  })().catch(() => undefined);
  return {
    end: () => {
      ending.abort();
      return work;
    },
  };
}

function joined(a: FaceReport, b: FaceReport): FaceReport {
  const sum = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) => {
    const counts = new Map(one);
    for (const [name, count] of other) counts.set(name, (counts.get(name) ?? 0) + count);
    return counts;
  };
  return {
    face: a.face,
    statuses: {
      signed: sum(a.statuses.signed, b.statuses.signed),
      'broken signature': sum(a.statuses['broken signature'], b.statuses['broken signature']),
      'random bytes': sum(a.statuses['random bytes'], b.statuses['random bytes']),
    },
    targets: sum(a.targets, b.targets),
    whats: sum(a.whats, b.whats),
    troubles: [...a.troubles, ...b.troubles],
    seconds: a.seconds + b.seconds,
  };
}
