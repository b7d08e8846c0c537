import { existsSync, mkdtempSync, readdirSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Launch, TrialRun } from '../../domain/index.ts';
import { answers } from './answers.ts';
import { describeMember } from './describe.ts';
import { foldersBelow, type MemberFolders } from './folders.ts';
import { lastLines } from './last-lines.ts';
import { toldIdentities } from './launch-once.ts';
import type { Places } from './places.ts';
import { aliveInGroup, identityOf, signal as send } from './process-table.ts';
import { startProcess } from './start.ts';
import { type Pause, stopProcess, until } from './stop.ts';

const lookEveryMs = 100;
/** A trial that passed may take this long to write its class-data archive on its way out. */
const archiveTimeoutMs = 60_000;
/** One that is just coming up is waited for, so that its end can be seen to. */
const comingTimeoutMs = 10_000;
const niceness = 19;

export interface TrialPlaces {
  readonly scratchRoot: string;
  readonly archiveFile: string | null;
  readonly start: Places;
}

/** Starts the launch on scratch folders with low priority, waits until it answers or ends, and leaves nothing but the archive. */
export async function runTrial(
  launch: Launch,
  places: TrialPlaces,
  timeoutMs: number,
  pause: Pause,
  nowMs: () => number,
  signal: AbortSignal,
): Promise<TrialRun> {
  const root = mkdtempSync(join(places.scratchRoot, ownPrefix()));
  const folders = foldersBelow(root);
  const archive = join(root, 'tmp', 'classes.jsa');
  const began = nowMs();
  try {
    const archiveFlag = places.archiveFile === null ? null : `-XX:ArchiveClassesAtExit=${archive}`;
    startProcess(launch, folders, { ...places.start, archiveFlag, niceness }, new Date(began).toISOString());
    for (;;) {
      const current = describeMember(folders, nowMs(), places.start.platform);
      if (current.state === 'stopped')
        return { kind: 'refused', exitCode: current.exitCode, lastLines: lastLines(join(folders.logs, 'stdout.log')) };
      if (await answers(launch.readyUrl)) break;
      if (signal.aborted) return { kind: 'could-not-run', because: 'it was called off' };
      if (nowMs() - began > timeoutMs)
        return {
          kind: 'could-not-run',
          because: `it did not come up within ${Math.round(timeoutMs / 1000)} s${lastSaid(folders)}`,
        };
      await pause(lookEveryMs);
    }
    const tookMs = nowMs() - began;
    await endAll(launch.member, folders, archiveFlag === null ? 0 : archiveTimeoutMs, pause, places.start.platform);
    return { kind: 'passed', tookMs, archive: keep(archive, places.archiveFile) };
  } finally {
    await endAll(launch.member, folders, 0, pause, places.start.platform);
    rmSync(root, { recursive: true, force: true });
  }
}

/** What it may be waiting for. */
function lastSaid({ logs }: MemberFolders): string {
  const line = lastLines(join(logs, 'stdout.log')).at(-1);
  return line === undefined ? '' : `; the last that it said: ${line}`;
}

/** What a trial began and whatever that started beside it; the first may have ended by itself. */
async function endAll(
  name: string,
  folders: MemberFolders,
  stopTimeoutMs: number,
  pause: Pause,
  platform: NodeJS.Platform,
): Promise<void> {
  for (const identity of toldIdentities(folders.run))
    await stopProcess(name, { state: 'absent' }, identity, stopTimeoutMs, pause, platform);
}

/** Ends the trials of servers that were killed, and removes their folders. Those of a server that is alive are its own business. */
export async function sweepTrials(scratchRoot: string, pause: Pause, nowMs: () => number): Promise<void> {
  if (!existsSync(scratchRoot)) return;
  for (const name of readdirSync(scratchRoot)) {
    if (isOfLivingServer(name)) continue;
    const root = join(scratchRoot, name);
    const folders = foldersBelow(root);
    await until(() => describeMember(folders, nowMs()).state !== 'launching', comingTimeoutMs, pause);
    const current = describeMember(folders, nowMs());
    if (current.state === 'running') await stopProcess(name, current, current.identity, 0, pause);
    else endLeftBehind(folders);
    rmSync(root, { recursive: true, force: true });
  }
}

/**
 * What a process that ended by itself left of its group. Its number may be another group's by now, after the machine came up
 * anew: only what works in the trial's own folder is of the trial.
 */
function endLeftBehind(folders: MemberFolders): void {
  for (const { pid } of toldIdentities(folders.run))
    for (const left of aliveInGroup(pid)) if (workingFolder(left) === folders.root) send(left, 'SIGKILL');
}

function workingFolder(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

/** The name of a trial's folder begins with the server that runs it: process id and start time. */
function ownPrefix(): string {
  return `trial-${process.pid}-${encodeURIComponent(identityOf(process.pid)?.startTime ?? '')}-`;
}

function isOfLivingServer(name: string): boolean {
  const [, pid, startTime] = /^trial-(\d+)-(.*)-[^-]+$/.exec(name) ?? [];
  if (pid === undefined || startTime === undefined) return false;
  const alive = identityOf(Number(pid));
  return alive !== null && encodeURIComponent(alive.startTime) === startTime;
}

function keep(archive: string, file: string | null): string | null {
  if (file === null || !existsSync(archive)) return null;
  renameSync(archive, file);
  return file;
}
