/**
 * durable: carries upgrades on with DBOS, a workflow for each generation of an upgrade, and takes over what died.
 * It does not know: what a turn of the loop does, clusters, engines.
 */
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Pool } from 'pg';
import { type Instant, type Log, type Retention, type Store, usualRetention } from '../../domain/index.ts';
import type { AdvanceEnd } from '../lift.ts';
import { limits as defaultLimits } from '../limits.ts';
import type { Loop } from '../parts.ts';
import {
  applicationName,
  applicationVersion,
  journalIsThere,
  openJournal,
  queueName,
  workflowId,
  workflowName,
} from './journal.ts';
import { forgetOldJournals } from './journals.ts';
import { dbosLogger } from './logger.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { type SweepParts, sweep } from './sweep.ts';

export interface DurableOptions {
  readonly store: Store;
  readonly pool: Pool;
  readonly log: Log;
  readonly now: () => Instant;
  readonly pause: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Unique for this process. */
  readonly executorId: string;
  /** True where no other server can be alive: whoever holds a lease is dead. */
  readonly alone: boolean;
  readonly advance: (upgradeId: string, generation: number) => Promise<AdvanceEnd>;
  readonly giveUp: (upgradeId: string, generation: number, error: string) => Promise<void>;
  /** Upgrades that are carried on at once by this server. */
  readonly concurrency: number;
  /** What is kept of what is over. */
  readonly retention?: Retention;
  readonly limits?: DurableLimits;
}

/** Of `limits`, what a loop may be given otherwise. */
export type DurableLimits = { readonly [name in DurableLimit]: number };

type DurableLimit =
  | 'stepsPerWorkflow'
  | 'turnAttempts'
  | 'turnRetrySeconds'
  | 'leaseMs'
  | 'leaseRenewMs'
  | 'sweepMs'
  | 'journalKeptMs'
  | 'forgetJournalsMs'
  | 'forgetOverMs';

export interface DurableLoop extends Loop {
  /** Ends cleanly: turns in hand are finished, no other begins, the lease is given back. */
  close(): Promise<void>;
}

const queuePollMs = 100;

export async function startDurableLoop(options: DurableOptions): Promise<DurableLoop> {
  const { store, log, executorId, now, limits = defaultLimits } = options;
  const renew = () => store.renewLease(executorId, limits.leaseMs);
  const closing = new AbortController();
  const turns = new Set<Promise<unknown>>();
  const carried = new Set<string>();

  /** After the closing signal a turn never ends for the journal: whoever takes over runs it again. */
  async function turn(upgradeId: string, generation: number): Promise<AdvanceEnd> {
    if (closing.signal.aborted) return parked();
    const running = options.advance(upgradeId, generation);
    turns.add(running);
    try {
      const ended = await running;
      return closing.signal.aborted ? parked() : ended;
    } finally {
      turns.delete(running);
    }
  }

  DBOS.registerWorkflow(
    async (upgradeId: string, generation: number): Promise<string> => {
      const id = workflowId(upgradeId, generation);
      carried.add(id);
      try {
        for (let step = 0; step < limits.stepsPerWorkflow; step += 1) {
          const ended = await tryTurn(upgradeId, generation, { turn, giveUp: options.giveUp, limits });
          if (ended === 'ended') return 'ended';
        }
        return 'handed over';
      } finally {
        carried.delete(id);
      }
    },
    { name: workflowName, maxRecoveryAttempts: 1_000 },
  );

  DBOS.setConfig({
    name: applicationName,
    systemDatabasePool: options.pool,
    applicationVersion,
    executorID: executorId,
    logger: dbosLogger(log),
  });
  const journal = await openJournal(options.pool, log);
  const queued = new Map<string, 'seen' | 'told'>();
  const sweepParts: SweepParts = { store, journal, log, now, executorId, carried, queued };
  if (options.alone) await store.dropOtherLeases(executorId);
  await renew();
  await takeUpFirst(options, sweepParts);
  await oneAtATime(options.pool, options.pause, () => DBOS.launch());
  await DBOS.registerQueue(queueName, {
    workerConcurrency: options.concurrency,
    minPollingIntervalMs: queuePollMs,
    onConflict: 'always_update',
  });
  await renew();
  // Thousands may be taken up: the first of them act and requests are answered meanwhile.
  const firstSweep = sweep(sweepParts).catch((error: unknown) =>
    log.warn({ err: error }, 'The first look for upgrades to carry on failed; it is tried again.'),
  );
  const forgetOld = async () => {
    await store.forgetExpired(now(), new Date(Date.parse(now()) - defaultLimits.planKeptMs).toISOString());
    await forgetOldJournals(now(), limits.journalKeptMs);
  };
  const tending = [
    firstSweep,
    every(limits.leaseRenewMs, options, closing.signal, renew),
    firstSweep.then(() => every(limits.sweepMs, options, closing.signal, () => sweep(sweepParts))),
    every(limits.forgetJournalsMs, options, closing.signal, forgetOld),
    every(limits.forgetOverMs, options, closing.signal, async () => {
      const gone = await store.forgetOver(options.retention ?? usualRetention, now());
      if (Object.values(gone).some((count) => count > 0)) log.info({ ...gone }, 'What is long over was forgotten.');
    }),
  ];

  return {
    start: async (upgradeId, generation) => {
      if (!closing.signal.aborted) await journal.start(upgradeId, generation, false);
    },
    close: async () => {
      closing.abort();
      await Promise.all([...tending, ...turns].map((running) => running.catch(() => undefined)));
      await store.dropLease(executorId);
      await journal.close();
      await DBOS.shutdown();
    },
  };
}

/**
 * Where upgrades wait in the queue, what a server that died had in hand is queued before this one takes any of them: otherwise upgrades that were
 * not begun would take the places, and a member that is away would stay so until one of them ends.
 */
async function takeUpFirst({ pool, log }: DurableOptions, parts: SweepParts): Promise<void> {
  try {
    if ((await journalIsThere(pool)) && (await parts.journal.anyWaits())) await sweep(parts);
  } catch (error) {
    // Tables of an older version are brought up to date by the launch; the sweep after it makes up for this one.
    log.warn({ err: error }, 'What was in hand could not be taken up before the start; it is taken up after it.');
  }
}

function parked(): Promise<never> {
  return new Promise(() => undefined);
}

async function tryTurn(
  upgradeId: string,
  generation: number,
  { turn, giveUp, limits }: Pick<DurableOptions, 'giveUp'> & { turn: DurableOptions['advance']; limits: DurableLimits },
): Promise<AdvanceEnd> {
  try {
    return await DBOS.runStep(() => turn(upgradeId, generation), {
      name: 'advance',
      retriesAllowed: true,
      maxAttempts: limits.turnAttempts,
      intervalSeconds: limits.turnRetrySeconds,
    });
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    await DBOS.runStep(() => giveUp(upgradeId, generation, says), { name: 'give-up', retriesAllowed: true, maxAttempts: 100 });
    return 'ended';
  }
}

/** Again and again until the signal; a failure is logged and tried again at the next turn. */
async function every(
  milliseconds: number,
  { pause, log }: Pick<DurableOptions, 'pause' | 'log'>,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await pause(milliseconds, signal);
    if (signal.aborted) return;
    await work().catch((error: unknown) => log.warn({ err: error }, 'Tending the upgrades failed; it is tried again.'));
  }
}
