/** Sends requests of a face over several connections at once, judges every answer, and counts. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Made, makeRequest } from './generate.ts';
import { troublesOf } from './judge.ts';
import { sendBytes } from './raw-socket.ts';
import type { Sendable } from './request.ts';
import type { Suite } from './suites.ts';
import { type Received, Wire } from './wire.ts';

export interface Trouble {
  readonly sendable: Sendable;
  readonly says: string;
  /** The begin of the answer. */
  readonly answer: string;
}

export interface FaceReport {
  readonly face: string;
  /** Of each sort of request, how many had which status; `none` is an answer that need not be given. */
  readonly statuses: Readonly<Record<Sendable['sort'], ReadonlyMap<string, number>>>;
  /** How often each target was sent with something wrong. */
  readonly targets: ReadonlyMap<string, number>;
  /** How often each thing was wrong. */
  readonly whats: ReadonlyMap<string, number>;
  readonly troubles: readonly Trouble[];
  readonly seconds: number;
}

export interface Sending {
  readonly port: number;
  readonly connections: number;
  readonly from: number;
  readonly count: number;
}

/** More of them say nothing new. */
const troublesMax = 10;
const attemptsMax = 200;
const againPauseMs = 50;
const againPauseMaxMs = 1_000;

export async function fuzzFace(suite: Suite, sending: Sending): Promise<FaceReport> {
  const began = performance.now();
  const statuses = {
    signed: new Map<string, number>(),
    'broken signature': new Map<string, number>(),
    'random bytes': new Map<string, number>(),
  };
  const targets = new Map<string, number>();
  const whats = new Map<string, number>();
  const troubles: Trouble[] = [];
  let next = sending.from;
  const end = sending.from + sending.count;
  const work = async () => {
    const wire = new Wire(sending.port);
    try {
      while (next < end && troubles.length < troublesMax) {
        const sent = await sendOne(wire, sending.port, makeRequest(suite, next++));
        const { sendable } = sent;
        for (const status of sent.statuses) count(statuses[sendable.sort], status);
        if (sendable.sort === 'signed') count(targets, sendable.target);
        count(whats, `${sendable.sort}: ${sendable.what.split(';')[0]}`);
        troubles.push(...sent.troubles);
      }
    } finally {
      wire.close();
    }
  };
  await Promise.all(Array.from({ length: sending.connections }, work));
  return { face: suite.face, statuses, targets, whats, troubles, seconds: (performance.now() - began) / 1000 };
}

interface Sent {
  readonly sendable: Sendable;
  readonly statuses: readonly string[];
  readonly troubles: readonly Trouble[];
}

async function sendOne(wire: Wire, port: number, made: Made): Promise<Sent> {
  if (made.kind === 'bytes') {
    const heard = await sendBytes(port, made.pieces);
    const bad = heard.filter((status) => status >= 500);
    const troubles = bad.map((status) => ({ sendable: made.sendable, says: `status ${status}`, answer: '' }));
    return { sendable: made.sendable, statuses: heard.length === 0 ? ['none'] : heard.map(String), troubles };
  }
  for (let attempt = 1; ; attempt += 1) {
    const sendable = made.sendable(new Date());
    const { received, trouble } = await answered(wire, sendable);
    if (isAskedAgain(received) && attempt < attemptsMax) {
      // A cluster that answers slowly is not helped by being asked more.
      await pause(Math.min(againPauseMs * attempt, againPauseMaxMs));
      continue;
    }
    const says = trouble === null ? troublesOf(sendable, received) : [trouble];
    const answer = `${received?.status ?? ''} ${received?.body.toString('utf8', 0, 600) ?? ''}`;
    return {
      sendable,
      statuses: [String(received?.status ?? 'none')],
      troubles: says.map((one) => ({ sendable, says: one, answer })),
    };
  }
}

/**
 * A request that was throttled has thrown nothing at anything. And what a busy machine's cluster did not answer in the time
 * that official clients have is told by a status that is no answer to what was wrong in the request.
 */
function isAskedAgain(received: Received | null): boolean {
  if (received?.status === 429) return true;
  return (
    received?.status === 503 && /The cluster (answers slowly|cannot be reached)/.test(received.body.toString('utf8', 0, 600))
  );
}

async function answered(
  wire: Wire,
  sendable: Sendable,
): Promise<{ readonly received: Received | null; readonly trouble: string | null }> {
  try {
    return { received: await wire.send(sendable.bytes, sendable.method), trouble: null };
  } catch (error) {
    wire.close();
    return { received: null, trouble: error instanceof Error ? error.message : String(error) };
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
