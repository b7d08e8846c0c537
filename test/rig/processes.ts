import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from './waiting.ts';

const run = promisify(execFile);

export interface FoundProcess {
  readonly pid: number;
  readonly group: number;
  readonly command: string;
}

/** Processes whose command line names something in this state folder: members, their launchers, the database. */
export async function processesOf(stateFolder: string): Promise<readonly FoundProcess[]> {
  const { stdout } = await run('ps', ['-axww', '-o', 'pid=,pgid=,args='], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, group, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command?.includes(`${stateFolder}/`) === true ? [{ pid: Number(pid), group: Number(group), command }] : [];
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
