import type { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { Failure } from './failure.ts';

/** For the help only: bin/clusterlift.js takes `demo` before the command line is loaded, where the sources are there. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('Lift a cluster while a client reads and writes, real or simulated (its own help: clusterlift demo --help)')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new Failure(exitCodes.usage, 'The demo cannot be told here.', {
        remedy: 'It comes with the sources only, and its word comes first: clusterlift demo [options].',
      });
    });
}
