import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../domain/index.ts';
import { http, pause } from '../outside.ts';
import { readRecord, type SimulatorRecord } from './record.ts';

/** `clusterlift server simulator <folder> <port>` is how a server starts it; nobody else does. */
export const simulatorWord = 'simulator';

const startTimeoutMs = 60_000;
const askTimeoutMs = 5_000;
const lookMs = 2_000;
const pollMs = 100;

export interface SupervisedSimulator {
  readonly url: string;
  /** It is looked after no more, and goes on. */
  leave(): void;
}

/** Finds the simulator of this state folder, or starts it, and starts it again at the same port whenever it ended. */
export async function superviseSimulator({
  stateDir,
  log,
}: {
  readonly stateDir: string;
  readonly log: Log;
}): Promise<SupervisedSimulator> {
  const folder = join(stateDir, 'simulator');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const before = readRecord(folder);
  const found = before !== null && (await answers(before)) ? before : await start(folder, before?.port ?? 0);
  const leaving = new AbortController();
  void lookAfter(folder, found, log, leaving.signal);
  return { url: urlOf(found), leave: () => leaving.abort() };
}

async function lookAfter(folder: string, { port }: SimulatorRecord, log: Log, leaving: AbortSignal): Promise<void> {
  for (;;) {
    await pause(lookMs, leaving);
    if (leaving.aborted) return;
    const now = readRecord(folder);
    if (now !== null && ((await answers(now)) || isAlive(now.pid))) continue;
    log.warn({}, 'The simulator ended; it is started again, and what ran there with it.');
    await start(folder, port, leaving).catch((err: unknown) =>
      log.warn({ err }, 'The simulator could not be started; it is tried again.'),
    );
  }
}

async function start(folder: string, port: number, signal?: AbortSignal): Promise<SimulatorRecord> {
  const bin = fileURLToPath(new URL('../../../bin/clusterlift.js', import.meta.url));
  const logFile = openSync(join(folder, 'simulator.log'), 'a', 0o600);
  const words = [bin, 'server', simulatorWord, folder, `${port}`];
  const child = spawn(process.execPath, words, { stdio: ['ignore', logFile, logFile], detached: true });
  closeSync(logFile);
  child.unref();
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', () => {
    ended = true;
  });
  const deadline = performance.now() + startTimeoutMs;
  while (!ended && performance.now() < deadline && signal?.aborted !== true) {
    const record = readRecord(folder);
    if (record?.pid === child.pid && record !== null && (await answers(record))) return record;
    await pause(pollMs, signal);
  }
  throw new Error(`The simulator did not start at port ${port}; ${join(folder, 'simulator.log')} says why.`);
}

async function answers(record: SimulatorRecord): Promise<boolean> {
  const asked = { method: 'POST', url: `${urlOf(record)}/host/freePorts`, body: '{"count":0}', timeoutMs: askTimeoutMs };
  const answer = await http(asked).catch(() => null);
  return answer?.status === 200 && answer.body === '[]';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function urlOf({ port }: SimulatorRecord): string {
  return `http://127.0.0.1:${port}`;
}
