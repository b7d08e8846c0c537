import { exitCodes } from './exit-codes.ts';
import { Failure } from './failure.ts';
import type { Shell } from './shell.ts';

/** The text of a file that the command line names; `-` is standard input. */
export async function readInputFile(shell: Shell, path: string): Promise<string> {
  if (path === '-') return shell.readInput();
  try {
    return await shell.readFile(path);
  } catch (error) {
    throw new Failure(exitCodes.usage, `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
