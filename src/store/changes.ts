/** Who listens for changed upgrades is told, even when a notice was missed while the connection was away. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { ClusterNotice, Log } from '../domain/index.ts';
import type { Db } from './db.ts';
import { createListeners, type Listeners } from './listeners.ts';
import { listRevisions } from './queries/list-revisions.ts';
import { clusterChanged, readNotice, upgradeChanged } from './queries/tell-changed.ts';
import { createRevisions, type Revisions } from './revisions.ts';

/** Between two comparisons of revisions: a notice that was missed is made up for within this time. */
const compareMs = 3_000;
const reconnectMs = 250;
const connectLimitMs = 5_000;

export interface Changes {
  on(listener: (upgradeId: string) => void): () => void;
  onCluster(listener: (notice: ClusterNotice) => void): () => void;
  close(): Promise<void>;
}

/** What a connection hears. */
interface Ears {
  readonly upgrade: (payload: string) => void;
  readonly cluster: (payload: string) => void;
  /** It listens from now on. */
  readonly begun: () => void;
}

export function listenForChanges(url: string, db: Db, log: Log): Changes {
  const upgrades = createListeners<string>(log);
  const clusters = createListeners<ClusterNotice>(log);
  const closing = new AbortController();
  const revisions = createRevisions();
  const ears: Ears = {
    upgrade: (payload) => {
      const { id, revision } = readNotice(payload);
      revisions.noticed(id, revision);
      upgrades.tell(id);
    },
    cluster: (payload) => clusters.tell(JSON.parse(payload) as ClusterNotice),
    // What changed while nobody listened has no revision to be found out by.
    begun: () => clusters.tell('missed'),
  };
  const running = [keepListening(url, ears, closing.signal, log), keepComparing(db, revisions, upgrades, closing.signal)];
  return {
    on: upgrades.add,
    onCluster: clusters.add,
    close: async () => {
      closing.abort();
      await Promise.all(running);
    },
  };
}

async function keepListening(url: string, ears: Ears, signal: AbortSignal, log: Log): Promise<void> {
  while (!signal.aborted) {
    await listenOnce(url, ears, signal).catch((error: unknown) =>
      log.debug({ err: error }, 'The connection that hears of changes broke; it is made again.'),
    );
    await pause(reconnectMs, signal);
  }
}

/** Until the connection breaks or the signal is given. */
async function listenOnce(url: string, ears: Ears, signal: AbortSignal): Promise<void> {
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
    client.on('notification', ({ channel, payload }) => {
      if (payload !== undefined) (channel === clusterChanged ? ears.cluster : ears.upgrade)(payload);
    });
    await client.query(`listen ${upgradeChanged}; listen ${clusterChanged}`);
    ears.begun();
    if (!signal.aborted) await ended;
  } finally {
    signal.removeEventListener('abort', end);
    await client.end().catch(() => undefined);
  }
}

async function keepComparing(db: Db, revisions: Revisions, upgrades: Listeners<string>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // A database that is away has nothing to compare with; the next time makes up for it.
    const now = await listRevisions(db, revisions.known()).catch(() => null);
    for (const id of now === null ? [] : revisions.compared(now)) upgrades.tell(id);
    await pause(compareMs, signal);
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
