import type { Command } from 'commander';
import { examples, type Run } from '../run.ts';
import { upgradeArgument, wish } from './wish.ts';

export function addUpgradeResume(upgrade: Command, run: Run): void {
  upgrade
    .command('resume')
    .summary('Go on with an upgrade that is paused or has stopped')
    .description('Go on with an upgrade that is paused, or that stopped for a person who has mended the cause.')
    .argument('<upgrade>', upgradeArgument)
    .addHelpText('after', examples('clusterlift upgrade resume logs'))
    .action(run<[string, object]>((session, idOrCluster) => wish(session, idOrCluster, 'resume')));
}
