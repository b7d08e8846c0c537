import type { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { Failure } from './failure.ts';

/** For the help only: bin/clusterlift.js takes `server` before the command line is loaded, which is a client and no more. */
export function addServer(program: Command): void {
  program
    .command('server')
    .description('Run the server (its own help: clusterlift server --help)')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new Failure(exitCodes.usage, 'The word server comes first: clusterlift server [options].');
    });
}
