import type { Command } from 'commander';
import { RevokedKey } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

export function addKeyRevoke(key: Command, run: Run): void {
  key
    .command('revoke')
    .summary('Revoke an access key')
    .description('Revoke an access key: whoever has it cannot call any more.')
    .argument('<id>', 'id of the key (clusterlift key list)')
    .addHelpText('after', examples('clusterlift key revoke LTAI5tQnKxGkYv8sJ2hR7wZc'))
    .action(run<[string, object]>(revoke));
}

async function revoke({ api, print }: Session, id: string) {
  const answer = await api.delete(`/keys/${encodeURIComponent(id)}`, RevokedKey);
  await print(answer, () => `Access key ${printable(id)} is revoked.\n`);
  return exitCodes.ok;
}
