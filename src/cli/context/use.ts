import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { contextNamed, readContexts, writeContexts } from './file.ts';

export function addContextUse(context: Command, run: Run): void {
  context
    .command('use')
    .description('Make a context the current one')
    .argument('<context>', 'its name (clusterlift context list)')
    .addHelpText('after', examples('clusterlift context use prod'))
    .action(run<[string, object]>(use));
}

async function use({ shell, print }: Session, wanted: string) {
  const kept = await readContexts(shell);
  const { name, url } = contextNamed(kept, wanted);
  await writeContexts(shell, { ...kept, currentContext: name });
  await print({ currentContext: name, url }, (shown) => `The current context is ${shown.currentContext} (${shown.url}).\n`);
  return exitCodes.ok;
}
