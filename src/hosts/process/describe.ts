import { join } from 'node:path';
import type { MemberProcess } from '../../domain/index.ts';
import type { MemberFolders } from './folders.ts';
import { lastLines } from './last-lines.ts';
import { launched } from './launch-once.ts';
import { identityOf } from './process-table.ts';
import { AdoptedRecord, LaunchRecord, readRecord } from './records.ts';

/**
 * A launch that has not begun within this time is taken for one that was cut off before it was spawned. The clock may
 * have jumped: should it begin after all, it does so only where no other launch has replaced it.
 */
const launchTimeoutMs = 10_000;

/** The process of a member: from its records, and whether it is alive now. */
export function describeMember(
  folders: MemberFolders,
  nowMs: number,
  platform: NodeJS.Platform = process.platform,
): MemberProcess {
  try {
    const launch = readRecord(join(folders.run, 'launch.json'), LaunchRecord);
    const adopted = readRecord(join(folders.run, 'adopted.json'), AdoptedRecord);
    const told = launch === null ? null : describeLaunched(folders, launch, nowMs, platform);
    // A launch forgets what was adopted before it; what its owner started after its end was adopted since.
    if (adopted !== null && (told === null || told.state === 'stopped')) return describeAdopted(adopted, platform);
    return told ?? { state: 'absent' };
  } catch (error) {
    return { state: 'unknown', because: error instanceof Error ? error.message : String(error) };
  }
}

function describeLaunched(folders: MemberFolders, launch: LaunchRecord, nowMs: number, platform: NodeJS.Platform): MemberProcess {
  const { release, at, token, logBytes = 0 } = launch;
  const found = launched(folders.run, token, platform);
  const young = nowMs - Date.parse(at) < launchTimeoutMs;
  if (found.kind === 'alive') return { state: 'running', identity: found.identity, release, startedAt: at };
  if (found.kind === 'coming' || (found.kind === 'not-begun' && young)) return { state: 'launching' };
  if (found.kind === 'doubtful') return { state: 'unknown', because: found.because };
  return { state: 'stopped', release, exitCode: null, lastLines: lastLines(join(folders.logs, 'stdout.log'), logBytes) };
}

function describeAdopted(
  adopted: { pid: number; startTime: string; release: { version: string; build: string | null }; at: string },
  platform: NodeJS.Platform,
): MemberProcess {
  const alive = identityOf(adopted.pid, platform);
  if (alive?.startTime === adopted.startTime)
    return { state: 'running', identity: alive, release: adopted.release, startedAt: adopted.at };
  return { state: 'stopped', release: adopted.release, exitCode: null, lastLines: [] };
}
