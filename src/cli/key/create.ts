import type { Command } from 'commander';
import { NewKey } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly description: string;
}

export function addKeyCreate(key: Command, run: Run): void {
  key
    .command('create')
    .summary('Make an access key')
    .description('Make an access key. Its secret is shown this once and never again.')
    .option('--description <text>', 'whom or what it is for', '')
    .addHelpText('after', examples('clusterlift key create --description "terraform"'))
    .action(run<[Options]>(create));
}

async function create({ api, print }: Session, { description }: Options) {
  await print(
    await api.post('/keys', { description }, NewKey),
    ({ key }) => `The access key was made. Its secret is shown now and never again:

  export CLUSTERLIFT_ACCESS_KEY_ID=${key.id}
  export CLUSTERLIFT_SECRET_ACCESS_KEY=${key.secret}
`,
  );
  return exitCodes.ok;
}
