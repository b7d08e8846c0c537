/** In which order trial starts run, and how many side by side: each host has a lane of its own. */
import { limits } from './limits.ts';
import type { Urgency } from './parts.ts';

export interface LaneJob {
  readonly host: string;
  readonly urgency: Urgency;
}

export interface LaneParts<J extends LaneJob> {
  /** What is asked, whoever waits for it: of equal questions one runs at a time. */
  readonly questionOf: (job: J) => string;
  /** How many of a host run side by side. */
  readonly atOnce: (host: string) => number;
  /** Never rejects. */
  readonly run: (job: J, giveWay: AbortSignal) => Promise<void>;
  readonly nowMs: () => number;
}

export interface Lanes<J> {
  /** The same question with the same urgency is asked once. */
  ask(job: J): void;
  /** Resolves when nothing is queued or running. */
  idle(): Promise<void>;
}

interface InHand<J> {
  readonly job: J;
  readonly giveWay: AbortController;
  readonly sinceMs: number;
}

interface Lane<J> {
  queue: J[];
  readonly inHand: Set<InHand<J>>;
}

export function createLanes<J extends LaneJob>({ questionOf, atOnce, run, nowMs }: LaneParts<J>): Lanes<J> {
  const lanes = new Map<string, Lane<J>>();
  const asked = new Set<string>();
  const running = new Set<Promise<void>>();
  const keyOf = (job: J) => `${job.urgency} ${questionOf(job)}`;

  /** One that does not come up must not hold up everybody for minutes: after a while it no longer counts, within a bound. */
  const isFull = ({ inHand }: Lane<J>, host: string): boolean => {
    const counted = [...inHand].filter(({ sinceMs }) => nowMs() - sinceMs < limits.trialSlowMs).length;
    return counted >= atOnce(host) || inHand.size >= atOnce(host) + limits.trialsSlowMax;
  };

  function fill(host: string, lane: Lane<J>): void {
    while (!isFull(lane, host)) {
      const busy = new Set([...lane.inHand].map(({ job }) => questionOf(job)));
      const job = lane.queue.find((candidate) => !busy.has(questionOf(candidate)));
      if (job === undefined) return;
      lane.queue = lane.queue.filter((other) => other !== job);
      begin(host, lane, job);
    }
  }

  function begin(host: string, lane: Lane<J>, job: J): void {
    const entry: InHand<J> = { job, giveWay: new AbortController(), sinceMs: nowMs() };
    lane.inHand.add(entry);
    const work = run(job, entry.giveWay.signal).finally(() => {
      lane.inHand.delete(entry);
      asked.delete(keyOf(job));
      running.delete(work);
      fill(host, lane);
    });
    running.add(work);
  }

  /** Nobody waits for one that is tried ahead: it makes way, and is asked for again. If it is the very same, it goes on. */
  function makeWay(lane: Lane<J>, job: J): void {
    const question = questionOf(job);
    const waited = [...lane.inHand].filter((entry) => !entry.giveWay.signal.aborted);
    if (waited.some((entry) => questionOf(entry.job) === question)) return;
    waited.find((entry) => entry.job.urgency === 'ahead')?.giveWay.abort();
  }

  function enqueue(lane: Lane<J>, job: J): void {
    asked.add(keyOf(job));
    const behind = job.urgency === 'ahead' ? -1 : lane.queue.findIndex((other) => other.urgency === 'ahead');
    if (behind < 0) lane.queue.push(job);
    else lane.queue.splice(behind, 0, job);
  }

  return {
    ask: (job) => {
      const lane = lanes.get(job.host) ?? { queue: [], inHand: new Set<InHand<J>>() };
      lanes.set(job.host, lane);
      if (job.urgency === 'now' && isFull(lane, job.host)) makeWay(lane, job);
      if (!asked.has(keyOf(job))) enqueue(lane, job);
      // Whoever waits asks again and again: that is when one that was begun long ago is found to be slow.
      fill(job.host, lane);
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
