import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Of /proc: fixed for every system that Node runs on. */
const ticksPerSecond = 100;

/** Time on the processors that a process has used since it began. */
export function cpuSecondsOf(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** The same of a process with its children, those included that have ended: of a database each connection is one. */
export function cpuSecondsWithChildren(pid: number): number {
  const ended = statOf(pid);
  const living = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  const ofOne = (child: number) => {
    try {
      return cpuSecondsOf(child);
    } catch {
      // It has ended meanwhile.
      return 0;
    }
  };
  const ofEnded = (Number(ended[13]) + Number(ended[14])) / ticksPerSecond;
  return cpuSecondsOf(pid) + ofEnded + living.reduce((sum, child) => sum + ofOne(child), 0);
}

function statOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
}

export function rssMbOf(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return { now: Math.round(kb('VmRSS') / 1024), most: Math.round(kb('VmHWM') / 1024) };
}

/** All of a folder, as it takes room on the disk. */
export async function sizeMbOf(folder: string): Promise<number> {
  const { stdout } = await run('du', ['-sm', folder]).catch((error: { readonly stdout?: string }) => ({
    stdout: error.stdout ?? '',
  }));
  return Number(stdout.split('\t')[0]);
}

/** The whole machine: what else runs on it slows us down. */
export function machineSays(): string {
  return `load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')} on ${cpus().length} cores`;
}
