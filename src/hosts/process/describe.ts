import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemberProcess, ProcessIdentity } from '../../domain/index.ts';
import type { MemberFolders } from './folders.ts';
import { lastLines } from './last-lines.ts';
import { identityOf } from './process-table.ts';
import { AdoptedRecord, LaunchRecord, readRecord } from './records.ts';

/** A launch whose process has not told its id within this time was cut off before it was spawned. */
const launchTimeoutMs = 10_000;

/** The process of a member: from its records, and whether it is alive now. */
export function describeMember(folders: MemberFolders, nowMs: number): MemberProcess {
  const launch = readRecord(join(folders.run, 'launch.json'), LaunchRecord);
  const adopted = readRecord(join(folders.run, 'adopted.json'), AdoptedRecord);
  if (launch === null) return adopted === null ? { state: 'absent' } : describeAdopted(adopted);
  const started = startedAs(folders, launch.token);
  if (started === null) {
    const young = nowMs - Date.parse(launch.at) < launchTimeoutMs;
    return young
      ? { state: 'launching' }
      : { state: 'stopped', release: launch.release, exitCode: null, lastLines: lastLines(join(folders.logs, 'stdout.log')) };
  }
  const alive = identityOf(started.pid);
  if (alive !== null && alive.startTime === started.startTime)
    return { state: 'running', identity: alive, release: launch.release, startedAt: launch.at };
  return { state: 'stopped', release: launch.release, exitCode: null, lastLines: lastLines(join(folders.logs, 'stdout.log')) };
}

function describeAdopted(adopted: {
  pid: number;
  startTime: string;
  release: { version: string; build: string | null };
  at: string;
}): MemberProcess {
  const alive = identityOf(adopted.pid);
  if (alive?.startTime === adopted.startTime)
    return { state: 'running', identity: alive, release: adopted.release, startedAt: adopted.at };
  return { state: 'stopped', release: adopted.release, exitCode: null, lastLines: [] };
}

/** The process wrote its own id and start time under the token of its launch, before it became the program. */
function startedAs(folders: MemberFolders, token: string): ProcessIdentity | null {
  const file = join(folders.run, `pid-${token}`);
  if (!existsSync(file)) return null;
  const [pid, startTime] = readFileSync(file, 'utf8').trim().split(' ');
  if (pid === undefined || pid === '') return null;
  // Systems without /proc leave the start time out: then it is what the process table says.
  return { pid: Number(pid), startTime: startTime ?? identityOf(Number(pid))?.startTime ?? '' };
}
