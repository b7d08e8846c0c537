import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { promisify } from 'node:util';
import type { ActResult } from '../../domain/index.ts';

const run = promisify(execFile);
const linesMax = 12;
const lineMaxChars = 400;

/**
 * Runs an owner's command for a member. Of the server's own environment it gets what any program needs and no more: the
 * rest may hold secrets, and what a hook says becomes evidence that others read.
 */
export async function runHook(
  program: string,
  words: readonly string[],
  member: string,
  clusterId: string,
  timeoutMs: number,
): Promise<ActResult> {
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: process.env.HOME ?? homedir(),
    CLUSTERLIFT_MEMBER: member,
    CLUSTERLIFT_CLUSTER: clusterId,
  };
  try {
    await run(program, words, { timeout: timeoutMs, env });
    return { kind: 'done', says: `${program} ran for ${member}.` };
  } catch (error) {
    return { kind: 'failed', says: `${program} failed for ${member}: ${whyOf(error, timeoutMs)}.`, lastLines: saidLast(error) };
  }
}

/** Not the error's own text, which repeats the command line with whatever is in it. */
function whyOf(error: unknown, timeoutMs: number): string {
  const { code, killed, signal } = error as { code?: unknown; killed?: boolean; signal?: string | null };
  if (code === 'ENOENT') return 'there is no such program';
  if (code === 'EACCES') return 'it may not be run';
  if (typeof code === 'number') return `it ended with ${code}`;
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'it said too much';
  if (killed === true) return `it did not end within ${Math.round(timeoutMs / 1000)} s`;
  return `it was ended by ${signal ?? 'the system'}`;
}

function saidLast(error: unknown): readonly string[] {
  const { stderr } = error as { stderr?: unknown };
  return String(stderr ?? '')
    .split('\n')
    .map((line) => line.trimEnd().slice(0, lineMaxChars))
    .filter((line) => line !== '')
    .slice(-linesMax);
}
