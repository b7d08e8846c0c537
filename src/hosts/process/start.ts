import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Launch } from '../../domain/index.ts';
import type { Account } from './account.ts';
import type { MemberFolders } from './folders.ts';
import { forgetDeadLaunches, replaceLaunch, selfRegistering } from './launch-once.ts';
import { applyOverlay } from './overlay.ts';
import type { Places } from './places.ts';
import { writeRecord } from './records.ts';

/** stdout.log is set aside at a start when it has grown beyond this. */
const logRotateBytes = 16 * 1024 * 1024;

export interface StartPlaces extends Places {
  /** Flag for the class-data archive, or null. */
  readonly archiveFlag: string | null;
  readonly niceness: number;
}

/**
 * Lays out the member's folders for this launch and spawns it in a process group of its own. False, and nothing is touched,
 * where the launch before it began and is not known to have ended.
 */
export function startProcess(launch: Launch, folders: MemberFolders, places: StartPlaces, now: string): boolean {
  const fill = (text: string) => fillPlaces(text, folders, launch, places);
  for (const folder of [folders.root, folders.conf, folders.data, folders.logs, folders.tmp, folders.run])
    mkdirSync(folder, { recursive: true });
  const token = randomUUID();
  // Before anything is laid out: what the one before it reads must not change under it.
  if (!replaceLaunch(folders.run, token, places.platform)) return false;
  for (const folder of launch.sharedFolders) makeShared(folder, places.account);
  layOut(launch, folders, places, fill);
  forgetDeadLaunches(folders.run, places.platform);
  rmSync(join(folders.run, 'adopted.json'), { force: true });
  giveAll(folders.root, places.account);
  const logFile = join(folders.logs, 'stdout.log');
  const logBytes = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const record = { token, release: launch.release, at: now, logBytes };
  // Last: between this record and the shell a cut off launch is waited for in vain.
  writeRecord(join(folders.run, 'launch.json'), record);
  const words = places.program === null ? launch.command : [places.program, ...launch.command.slice(1)];
  const command = words.flatMap((word) => (word === '${archive}' ? (places.archiveFlag ?? []) : fill(word)));
  const log = openSync(logFile, 'a');
  try {
    const nice = places.niceness === 0 ? [] : ['nice', '-n', String(places.niceness)];
    const script = selfRegistering(places.platform);
    const child = spawn('/bin/sh', ['-c', script, 'launch', folders.run, token, JSON.stringify(record), ...nice, ...command], {
      cwd: folders.root,
      detached: true,
      stdio: ['ignore', log, log],
      env: environmentOf(launch, fill),
      ...(places.account === null ? {} : { uid: places.account.uid, gid: places.account.gid }),
    });
    // What it comes to is observed; a failed spawn shows as a launch that never told its process id.
    child.on('error', () => undefined);
    child.unref();
    return true;
  } finally {
    closeSync(log);
  }
}

/** One that is there already belongs to somebody: it is left as it is. */
function makeShared(folder: string, account: Account | null): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  if (account !== null) chownSync(folder, account.uid, account.gid);
}

/** Nothing of the server's own environment reaches a member: it may hold secrets. */
function environmentOf(launch: Launch, fill: (text: string) => string): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(launch.environment).map(([name, value]) => [name, fill(value)]));
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: fill('${tmp}'), ...own };
}

function layOut(launch: Launch, folders: MemberFolders, places: StartPlaces, fill: (text: string) => string): void {
  rotate(join(folders.logs, 'stdout.log'));
  for (const { from, to, except = [] } of launch.copies) {
    const source = isAbsolute(from) ? from : join(places.home, from);
    const filter = (path: string) => !except.includes(relative(source, path));
    if (existsSync(source)) cpSync(source, join(folders.root, to), { recursive: true, filter });
  }
  for (const { path, text, secret } of launch.files) {
    const file = join(folders.root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (secret === true) writeSecret(file, fill(text));
    else writeFileSync(file, fill(text));
  }
  if (launch.overlay !== undefined) applyOverlay(folders.root, launch.overlay, fill);
}

/** Nobody else may read it at any moment, nor see what lies beside it: a file that is there already may be open to all. */
function writeSecret(file: string, text: string): void {
  chmodSync(dirname(file), 0o700);
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
}

function rotate(log: string): void {
  if (existsSync(log) && statSync(log).size > logRotateBytes) renameSync(log, `${log}.1`);
}

function fillPlaces(text: string, folders: MemberFolders, launch: Launch, places: StartPlaces): string {
  const owners = launch.folders;
  return text
    .replaceAll('${home}', places.home)
    .replaceAll('${java}', places.java)
    .replaceAll('${member}', folders.root)
    .replaceAll('${conf}', owners?.conf ?? folders.conf)
    .replaceAll('${data}', owners?.data ?? folders.data)
    .replaceAll('${logs}', owners?.logs ?? folders.logs)
    .replaceAll('${tmp}', folders.tmp)
    .replaceAll(/\$\{tool:([^}]+)\}/g, (placeholder, name: string) => places.tools[name] ?? placeholder);
}

/** Everything below a member's folder belongs to whom it runs as: a start as another account leaves files that block the next. */
function giveAll(folder: string, account: Account | null): void {
  if (account === null) return;
  chownSync(folder, account.uid, account.gid);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) giveAll(path, account);
    else if (stat.isFile() && stat.uid !== account.uid) chownSync(path, account.uid, account.gid);
  }
}
