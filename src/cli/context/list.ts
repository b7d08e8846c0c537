import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../output/table.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { readContexts } from './file.ts';

export function addContextList(context: Command, run: Run): void {
  context
    .command('list')
    .description('List the contexts, without their secrets')
    .addHelpText('after', examples('clusterlift context list'))
    .action(run<[object]>(list));
}

async function list({ shell, paint, print }: Session) {
  const kept = await readContexts(shell);
  const shown = {
    currentContext: kept.currentContext,
    contexts: kept.contexts.map(({ name, url, keyId }) => ({ name, url, keyId })),
  };
  await print(shown, ({ currentContext, contexts }) =>
    contexts.length === 0
      ? 'There are no contexts yet. Make one: clusterlift login\n'
      : table(
          paint,
          ['CURRENT', 'NAME', 'URL', 'KEY'],
          contexts.map(({ name, url, keyId }) => [name === currentContext ? '*' : '', name, url, keyId]),
        ),
  );
  return exitCodes.ok;
}
