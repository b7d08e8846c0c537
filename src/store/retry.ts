import { setTimeout as sleep } from 'node:timers/promises';

/** How long a method rides out a database that is away. */
export const rideOutLimitMs = 30_000;
const firstPauseMs = 25;
const longestPauseMs = 500;

/** Ends of a connection, and answers that only say "not now". */
const passingCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  '57P01', // the server is being shut down
  '57P02', // another of its processes crashed
  '57P03', // it is starting up
  '53300', // too many connections
  '40001', // serialization failure
  '40P01', // deadlock
]);

const passingMessages = [
  'Connection terminated',
  'Client has encountered a connection error',
  'timeout exceeded when trying to connect',
  'Client was closed',
];

/** True for troubles of the connection, never for what the database has to say about a statement. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isPassing);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (passingCodes.has(code) || /^08...$/.test(code)) return true;
  return passingMessages.some((message) => error.message.includes(message));
}

/**
 * Tries again while the database is away. An answer can be lost after the work was done: `work` is told whether it is a
 * repeat, and must be safe to repeat.
 */
export async function ridingOut<T>(work: (repeated: boolean) => Promise<T>, limitMs = rideOutLimitMs): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (let pauseMs = firstPauseMs, repeated = false; ; repeated = true) {
    try {
      return await work(repeated);
    } catch (error) {
      if (!isPassing(error) || Date.now() + pauseMs > deadline) throw error;
    }
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}
