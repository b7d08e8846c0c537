/** Who listens for changed upgrades is told, even when a notice was missed while the connection was away. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../domain/index.ts';
import type { Db } from './db.ts';
import { listRevisions } from './queries/list-revisions.ts';
import { readNotice, upgradeChanged } from './queries/tell-changed.ts';
import { createRevisions, type Revisions } from './revisions.ts';

/** Between two comparisons of revisions: a notice that was missed is made up for within this time. */
const compareMs = 3_000;
const reconnectMs = 250;
const connectLimitMs = 5_000;

export interface Changes {
  on(listener: (upgradeId: string) => void): () => void;
  close(): Promise<void>;
}

export function listenForChanges(url: string, db: Db, log: Log): Changes {
  const listeners = new Set<(upgradeId: string) => void>();
  const closing = new AbortController();
  const tell = (upgradeId: string) => {
    for (const listener of listeners) {
      try {
        listener(upgradeId);
      } catch (error) {
        log.error({ err: error, upgradeId }, 'A listener failed on a changed upgrade.');
      }
    }
  };
  const revisions = createRevisions();
  const hear = (payload: string) => {
    const { id, revision } = readNotice(payload);
    revisions.noticed(id, revision);
    tell(id);
  };
  const running = [keepListening(url, hear, closing.signal, log), keepComparing(db, revisions, tell, closing.signal)];
  return {
    on: (listener) => {
      // A listener that is given twice counts twice.
      const own = (upgradeId: string) => listener(upgradeId);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    close: async () => {
      closing.abort();
      await Promise.all(running);
    },
  };
}

async function keepListening(url: string, hear: (payload: string) => void, signal: AbortSignal, log: Log): Promise<void> {
  while (!signal.aborted) {
    await listenOnce(url, hear, signal).catch((error: unknown) =>
      log.debug({ err: error }, 'The connection that hears of changes broke; it is made again.'),
    );
    await pause(reconnectMs, signal);
  }
}

/** Until the connection breaks or the signal is given. */
async function listenOnce(url: string, hear: (payload: string) => void, signal: AbortSignal): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'clusterlift changes',
    keepAlive: true,
    connectionTimeoutMillis: connectLimitMs,
    query_timeout: connectLimitMs,
  });
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  client.on('end', end);
  client.on('error', end);
  signal.addEventListener('abort', end, { once: true });
  try {
    await client.connect();
    client.on('notification', ({ payload }) => {
      if (payload !== undefined) hear(payload);
    });
    await client.query(`listen ${upgradeChanged}`);
    if (!signal.aborted) await ended;
  } finally {
    signal.removeEventListener('abort', end);
    await client.end().catch(() => undefined);
  }
}

async function keepComparing(
  db: Db,
  revisions: Revisions,
  tell: (upgradeId: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // A database that is away has nothing to compare with; the next time makes up for it.
    const now = await listRevisions(db, revisions.known()).catch(() => null);
    for (const id of now === null ? [] : revisions.compared(now)) tell(id);
    await pause(compareMs, signal);
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
