/**
 * For tests: a server that carries upgrades on and nothing more, and can be killed. A turn writes an event that names it,
 * takes a while, writes another, and goes on until the upgrade has another generation.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../../domain/index.ts';
// biome-ignore lint/style/noRestrictedImports: a process of a test, which stands on a real store
import { createSecretBox, openStore } from '../../store/index.ts';
import { type DurableLimits, startDurableLoop } from './index.ts';

export interface Carrier {
  readonly url: string;
  readonly name: string;
  readonly turnMs: number;
  /** Turns end for good in generations below this one, although the upgrade still runs. */
  readonly endsBefore: number;
  /** Turns throw in generations below this one. */
  readonly throwsBefore: number;
  readonly alone: boolean;
  readonly limits: DurableLimits;
}

const carrier = JSON.parse(process.argv[2] ?? '') as Carrier;
const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const store = await openStore({ url: carrier.url, box: createSecretBox(randomBytes(32)), log });
const pool = new pg.Pool({ connectionString: carrier.url, max: 8, idle_in_transaction_session_timeout: 5_000 });
pool.on('error', () => undefined);
const now = () => new Date().toISOString();

async function write(upgradeId: string, generation: number, says: string, stopped = false): Promise<boolean> {
  const event = { at: now(), kind: 'remark', move: null, members: [], says, reason: null, actor: carrier.name } as const;
  const turn = { upgradeId, generation, events: [event], at: now() };
  return store.writeTurn(stopped ? { ...turn, status: 'stopped' } : turn);
}

const loop = await startDurableLoop({
  store,
  pool,
  log,
  now,
  pause: (milliseconds, signal) => sleep(milliseconds, undefined, signal && { signal }).catch(() => undefined),
  executorId: carrier.name,
  alone: carrier.alone,
  concurrency: 3,
  limits: carrier.limits,
  advance: async (upgradeId, generation) => {
    if (!(await write(upgradeId, generation, 'begun'))) return 'ended';
    if (generation < carrier.throwsBefore) throw new Error('the turn broke');
    await sleep(carrier.turnMs);
    if (!(await write(upgradeId, generation, 'finished'))) return 'ended';
    return generation < carrier.endsBefore ? 'ended' : 'go-on';
  },
  giveUp: async (upgradeId, generation, error) => void (await write(upgradeId, generation, `gave up: ${error}`, true)),
});
process.stdout.write('carrying\n');
process.stdin.on('end', async () => {
  const closingAt = now();
  await loop.close();
  await pool.end();
  await store.close();
  process.stdout.write(closingAt);
});
process.stdin.resume();
