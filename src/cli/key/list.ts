import type { Command } from 'commander';
import { Keys } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { paintWord } from '../output/paint.ts';
import { table } from '../output/table.ts';
import { showMoment } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

export function addKeyList(key: Command, run: Run): void {
  key
    .command('list')
    .description('List the access keys, without their secrets. Policies are shown in full with --output json.')
    .addHelpText('after', examples('clusterlift key list', 'clusterlift key list --output json'))
    .action(run<[object]>(list));
}

async function list({ api, paint, print }: Session) {
  await print(await api.get('/keys', Keys), ({ keys }) =>
    table(
      paint,
      ['ID', 'STATUS', 'MAY DO', 'MADE', 'DESCRIPTION'],
      keys.map((key) => [
        key.id,
        paintWord(paint, key.status),
        (key.policy ?? null) === null ? 'everything' : 'its policy',
        showMoment(key.createdAt),
        key.id === api.keyId ? [key.description, '(calls now)'].join(' ').trim() : key.description,
      ]),
    ),
  );
  return exitCodes.ok;
}
