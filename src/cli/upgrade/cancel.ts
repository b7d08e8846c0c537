import type { Command } from 'commander';
import { examples, type Run } from '../run.ts';
import { upgradeArgument, wish } from './wish.ts';

export function addUpgradeCancel(upgrade: Command, run: Run): void {
  upgrade
    .command('cancel')
    .summary('Cancel an upgrade')
    .description(
      'Cancel an upgrade: the member in hand is finished and the cluster left clean. Members may then run different versions; the same target takes it up again.',
    )
    .argument('<upgrade>', upgradeArgument)
    .addHelpText('after', examples('clusterlift upgrade cancel logs'))
    .action(run<[string, object]>((session, idOrCluster) => wish(session, idOrCluster, 'cancel')));
}
