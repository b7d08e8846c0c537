import { CommanderError } from 'commander';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { Failure } from './failure.ts';
import { reportFailure } from './output/report-failure.ts';
import { createProgram } from './program.ts';
import { createRun } from './run.ts';
import { processShell, type Shell } from './shell.ts';

/** Runs one command; answers with the exit code of the process. */
export async function main(argv: readonly string[], shell: Shell = processShell()): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const ended = (code: ExitCode) => {
    exitCode = code;
  };
  const run = createRun(shell, ended);
  const runAlone = createRun(shell, ended, 'nothing');
  try {
    await createProgram(run, runAlone, shell).parseAsync(argv as string[], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return isHelp(error) ? exitCodes.ok : exitCodes.usage;
    if (!(error instanceof Failure)) throw error;
    shell.err.write(reportFailure(error));
    return error.exitCode;
  }
}

/** Help that was asked for, and the version. A command that is missing shows help, too, and is a mistake. */
function isHelp(error: CommanderError): boolean {
  return error.exitCode === 0;
}
