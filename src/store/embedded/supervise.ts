import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../domain/index.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { Folders } from './folders.ts';
import { lastLines, launchPostgres } from './launch.ts';
import { answers, isAlive, removeStalePidFile, runningPostmaster } from './postmaster.ts';

/** How long a server may take to answer after its start: a crash recovery may come first. */
const answerLimitMs = 60_000;
const lookAgainMs = 50;
const watchEveryMs = 250;
/** This many restarts within a minute are made at once; after that one every half minute. */
const quickRestarts = 5;
const quickRestartWindowMs = 60_000;
const slowRestartMs = 30_000;
const fastShutdownLimitMs = 15_000;
const immediateShutdownLimitMs = 5_000;

export interface Supervision {
  readonly binaries: Binaries;
  readonly folders: Folders;
  readonly account: Account | null;
  readonly log: Log;
  readonly user: string;
  readonly port: number;
  readonly password: string;
  readonly durability: 'full' | 'none';
}

export interface SupervisedServer {
  readonly adopted: boolean;
  pid(): number | null;
  stop(): Promise<void>;
  /** Ends the watch and leaves the server running. */
  letGo(): void;
}

/** Adopts the server of the data folder or starts it, and starts it again whenever it dies. */
export async function supervise(options: Supervision): Promise<SupervisedServer> {
  const first = await adoptOrStart(options);
  const watch = new AbortController();
  let pid: number | null = first.pid;
  const watching = keepRunning(options, first.pid, watch.signal, (now) => {
    pid = now;
  });
  return {
    adopted: first.adopted,
    pid: () => pid,
    letGo: () => watch.abort(),
    stop: async () => {
      watch.abort();
      await watching;
      const last = await runningPostmaster(options.folders.data);
      if (last !== undefined) await shutDown(last.pid, options.log);
      pid = null;
    },
  };
}

async function keepRunning(
  options: Supervision,
  firstPid: number,
  signal: AbortSignal,
  tell: (pid: number | null) => void,
): Promise<void> {
  let pid: number | null = firstPid;
  let restarts: number[] = [];
  while (!signal.aborted) {
    if (pid !== null && isAlive(pid)) {
      await pauseUnlessAborted(watchEveryMs, signal);
      continue;
    }
    pid = null;
    tell(null);
    restarts = restarts.filter((at) => at > Date.now() - quickRestartWindowMs);
    if (restarts.length >= quickRestarts) await pauseUnlessAborted(slowRestartMs, signal);
    if (signal.aborted) return;
    restarts.push(Date.now());
    options.log.warn({ restarts: restarts.length }, 'The database server is gone: starting it again.');
    try {
      pid = (await adoptOrStart(options)).pid;
      tell(pid);
      options.log.info({ pid }, 'The database server runs again.');
    } catch (error) {
      options.log.error({ err: error }, 'The database server could not be started again.');
      await pauseUnlessAborted(1_000, signal);
    }
  }
}

/** Several may try at once, and a killed server's children may still hold its memory: tries until somebody's server answers. */
async function adoptOrStart(options: Supervision): Promise<{ pid: number; adopted: boolean }> {
  const { folders } = options;
  const deadline = Date.now() + answerLimitMs;
  let started: ReturnType<typeof launchPostgres> | null = null;
  while (Date.now() < deadline) {
    const found = await runningPostmaster(folders.data);
    if (found !== undefined) {
      const where = { sockets: folders.sockets, port: options.port, user: options.user, password: options.password };
      if (await answers(where, folders.data, 5_000)) return { pid: found.pid, adopted: found.pid !== started?.pid };
    } else if (started === null || started.ended()) {
      if (started !== null) await sleep(lookAgainMs * 4);
      await removeStalePidFile(folders.data);
      started = launchPostgres(options);
    }
    await sleep(lookAgainMs);
  }
  const said = await lastLines(folders.root);
  throw new Error(
    `The database server did not answer within ${answerLimitMs / 1000} s. Its last words: ${said.join(' | ') || 'none'}`,
  );
}

/** Fast shutdown (open transactions are rolled back), then immediate (recovered at the next start). */
async function shutDown(pid: number, log: Log): Promise<void> {
  if (await signalled(pid, 'SIGINT', fastShutdownLimitMs)) return;
  log.warn({ pid }, 'The database server did not end in time: ending it at once.');
  if (await signalled(pid, 'SIGQUIT', immediateShutdownLimitMs)) return;
  log.error({ pid }, 'The database server does not end.');
}

async function signalled(pid: number, signal: 'SIGINT' | 'SIGQUIT', limitMs: number): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    return !isAlive(pid);
  }
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; ) {
    if (!isAlive(pid)) return true;
    await sleep(lookAgainMs);
  }
  return false;
}

async function pauseUnlessAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
