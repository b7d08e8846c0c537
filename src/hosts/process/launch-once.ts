import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from '../../domain/index.ts';
import { identityOf } from './process-table.ts';
import { LaunchRecord, readRecord } from './records.ts';

/** What the shell of a launch runs to tell its own start time, in the words of `identityOf`. */
const ownStartTime = (platform: NodeJS.Platform) =>
  platform === 'linux'
    ? '$(cut -d")" -f2- /proc/$$/stat 2>/dev/null | cut -d" " -f21)'
    : '$(LC_ALL=C TZ=UTC ps -o lstart= -p $$)';

/**
 * The child tells its own process id and start time before it becomes the program: whenever the server is killed, the
 * process is found again. `mkdir` of the token lets a launch happen once, and not at all after another has replaced it.
 * Who it is, it tells before that (`.new`): between the two it is known whom to wait for. Only here a launch is counted:
 * one that was cut off before it began is not among them. Its words: the run folder, the token, its record, the command.
 */
export function selfRegistering(platform: NodeJS.Platform): string {
  return (
    `s=${ownStartTime(platform)}; echo "$$ $s" > "$1/pid-$2.new" || exit 0; ` +
    'mkdir "$1/once-$2" 2>/dev/null || exit 0; printf "%s\\n" "$3" >> "$1/launches.jsonl"; ' +
    'mv "$1/pid-$2.new" "$1/pid-$2"; shift 3; exec "$@"'
  );
}

/** What is known of the process of a launch. `coming`: its shell has begun and has not become the program yet. */
export type Launched =
  | { readonly kind: 'not-begun' }
  | { readonly kind: 'coming' }
  | { readonly kind: 'alive'; readonly identity: ProcessIdentity }
  | { readonly kind: 'dead' }
  | { readonly kind: 'doubtful'; readonly because: string };

export function launched(run: string, token: string, platform: NodeJS.Platform): Launched {
  const told = join(run, `pid-${token}`);
  const begun = isFolder(join(run, `once-${token}`));
  // It may be renamed while we look: the final name is looked at last as well.
  const file = [told, `${told}.new`, told].find(existsSync);
  if (!begun) return { kind: 'not-begun' };
  if (file === undefined)
    return { kind: 'doubtful', because: `the launch ${token} began and did not tell its process (${told} is missing)` };
  const process = aliveOf(file, platform);
  return process.kind === 'alive' && file !== told ? { kind: 'coming' } : process;
}

function aliveOf(file: string, platform: NodeJS.Platform): Extract<Launched, { kind: 'alive' | 'dead' | 'doubtful' }> {
  const [pid = '', ...words] = readText(file).trim().split(/\s+/);
  if (!/^[1-9]\d*$/.test(pid)) return { kind: 'doubtful', because: `${file} does not tell a process id` };
  const startTime = words.join(' ');
  const now = identityOf(Number(pid), platform);
  if (now === null) return { kind: 'dead' };
  // Without its start time nobody knows whether this is the same process: another may have got its id since.
  if (startTime === '')
    return {
      kind: 'doubtful',
      because: `process ${pid} may be another one than was launched: ${file} does not tell when it began`,
    };
  return now.startTime === startTime ? { kind: 'alive', identity: now } : { kind: 'dead' };
}

/**
 * Makes sure that the launch recorded last never begins any more, by taking its `once` name before its shell can: its shell
 * may be late by any time. False when it did begin, and is not known to have ended: then nothing must be launched.
 */
export function replaceLaunch(run: string, by: string, platform: NodeJS.Platform): boolean {
  let token = readRecord(join(run, 'launch.json'), LaunchRecord)?.token;
  // One that was replaced names its successor, which may not have come to record itself: that one counts then.
  while (token !== undefined) {
    const once = join(run, `once-${token}`);
    try {
      symlinkSync(by, once);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isFolder(once)) return launched(run, token, platform).kind === 'dead';
    token = readlinkSync(once);
  }
  return true;
}

/** Of earlier launches, those whose process is known and dead are forgotten; a late shell must find the others' names taken. */
export function forgetDeadLaunches(run: string, platform: NodeJS.Platform): void {
  for (const name of readdirSync(run)) {
    const token = /^pid-(.+?)(\.new)?$/.exec(name)?.[1];
    if (token === undefined || aliveOf(join(run, name), platform).kind !== 'dead') continue;
    for (const of of [name, `once-${token}`]) rmSync(join(run, of), { recursive: true, force: true });
  }
}

/** Whoever a launch in this folder began as, alive or not: of one that is dead, others of its group may be left. */
export function toldIdentities(run: string): readonly ProcessIdentity[] {
  return (existsSync(run) ? readdirSync(run) : []).flatMap((name) => {
    if (!name.startsWith('pid-')) return [];
    const [pid = '', ...words] = readText(join(run, name)).trim().split(/\s+/);
    return /^[1-9]\d*$/.test(pid) ? [{ pid: Number(pid), startTime: words.join(' ') }] : [];
  });
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // It was renamed just now.
    return readFileSync(file.replace(/\.new$/, ''), 'utf8');
  }
}
