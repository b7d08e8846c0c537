import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { contextNamed, readContexts, writeContexts } from './file.ts';

export function addContextRemove(context: Command, run: Run): void {
  context
    .command('remove')
    .summary('Forget a context')
    .description('Forget a context and its secret. The key itself stays valid; revoke it with: clusterlift key revoke')
    .argument('<context>', 'its name (clusterlift context list)')
    .addHelpText('after', examples('clusterlift context remove prod'))
    .action(run<[string, object]>(remove));
}

async function remove({ shell, print }: Session, wanted: string) {
  const kept = await readContexts(shell);
  const { name, keyId } = contextNamed(kept, wanted);
  const contexts = kept.contexts.filter((context) => context.name !== name);
  const currentContext = kept.currentContext === name ? null : kept.currentContext;
  await writeContexts(shell, { currentContext, contexts });
  await print({ removed: name, currentContext }, (shown) => {
    const next = shown.currentContext === null && contexts.length > 0 ? ' None is current: clusterlift context use NAME' : '';
    return `Context ${shown.removed} is forgotten. Its key ${keyId} stays valid.${next}\n`;
  });
  return exitCodes.ok;
}
