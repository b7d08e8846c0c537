import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { eventually } from './waiting.ts';

const run = promisify(execFile);

export interface FoundProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly command: string;
}

/** Processes whose command line names something in this state folder: members, their launchers, the database. */
export async function processesOf(stateFolder: string): Promise<readonly FoundProcess[]> {
  return (await everyProcess()).filter(({ command }) => command.includes(`${stateFolder}/`));
}

/** Small machines have no ps, and only Linux has a folder of processes. */
export async function everyProcess(): Promise<readonly FoundProcess[]> {
  return process.platform === 'linux' ? everyProcessInFolder() : everyProcessByPs();
}

function everyProcessInFolder(): readonly FoundProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in brackets may hold blanks and brackets itself: what follows its last one has fixed places.
      const [, parent, group] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trimEnd();
      return [{ pid, parent: parent ?? 0, group: group ?? 0, command }];
    } catch {
      return [];
    }
  });
}

async function everyProcessByPs(): Promise<readonly FoundProcess[]> {
  const { stdout } = await run('ps', ['-axww', '-o', 'pid=,ppid=,pgid=,args='], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, group, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), group: Number(group), command }];
  });
}

/** Ends what a run left behind below its own state folder, and nothing else. */
export async function endProcessesOf(stateFolder: string): Promise<void> {
  await eventually(`processes of ${stateFolder} gone`, 30_000, async () => {
    const left = (await processesOf(stateFolder)).filter((found) => found.pid !== process.pid);
    for (const found of left) {
      try {
        process.kill(found.pid, 'SIGKILL');
      } catch {
        // Gone by itself meanwhile.
      }
    }
    return left.length === 0 ? true : undefined;
  });
}
