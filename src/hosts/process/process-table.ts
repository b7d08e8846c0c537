import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../../domain/index.ts';

/** The identity of a process that is alive; null when there is none (a zombie counts as gone). */
export function identityOf(pid: number, platform: NodeJS.Platform = process.platform): ProcessIdentity | null {
  if (platform !== 'linux') return identityByPs(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks and brackets itself: what follows its last one has fixed places.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startTime = fields[19];
    return fields[0] === 'Z' || fields[0] === 'X' || startTime === undefined ? null : { pid, startTime };
  } catch {
    return null;
  }
}

function identityByPs(pid: number): ProcessIdentity | null {
  const [state, ...words] = ps(['-o', 'stat=,lstart=', '-p', String(pid)])
    .trim()
    .split(/\s+/);
  return words.length === 0 || state?.startsWith('Z') ? null : { pid, startTime: words.join(' ') };
}

/** In one language and time zone, so that a start time reads the same whoever asks. */
function ps(words: readonly string[]): string {
  const ended = spawnSync('ps', words, { encoding: 'utf8', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } });
  // It ends with 1 where no process fits; that it could not look is no sign that there is none.
  if (ended.error !== undefined || (ended.status !== 0 && ended.status !== 1))
    throw new Error(`ps could not look: ${ended.error?.message ?? ended.stderr}`);
  return ended.stdout;
}

export function sameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime;
}

/** Processes that are alive in a group, the leader's own among them. */
export function aliveInGroup(group: number, platform: NodeJS.Platform = process.platform): readonly number[] {
  if (platform !== 'linux')
    return ps(['-axo', 'pid=,pgid=,stat='])
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, pgid, state]) => Number(pgid) === group && state?.startsWith('Z') === false)
      .map(([pid]) => Number(pid));
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || identityOf(pid, platform) === null) return [];
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === group ? [pid] : [];
    } catch {
      return [];
    }
  });
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
