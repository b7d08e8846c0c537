import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import { type GlobalOptions, openSession, type Session } from './session.ts';
import type { Shell } from './shell.ts';

/** A command's work: the session, then its arguments and its options as commander hands them over. */
export type Work<Args extends readonly unknown[]> = (session: Session, ...args: Args) => Promise<ExitCode>;

/** Turns a command's work into what commander calls. */
export type Run = <Args extends readonly unknown[]>(work: Work<Args>) => (...args: readonly unknown[]) => Promise<void>;

/** `ended` is told the exit code; failures go through to main. */
export function createRun(shell: Shell, ended: (code: ExitCode) => void, calls: 'server' | 'nothing' = 'server'): Run {
  return <Args extends readonly unknown[]>(work: Work<Args>) =>
    async (...args) => {
      // Commander's last argument is the command itself.
      const command = args.at(-1) as Command;
      const session = await openSession(command.optsWithGlobals<GlobalOptions>(), shell, calls);
      ended(await work(session, ...(args.slice(0, -1) as unknown as Args)));
    };
}

/** Examples at the end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
