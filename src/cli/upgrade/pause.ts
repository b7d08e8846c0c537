import type { Command } from 'commander';
import { examples, type Run } from '../run.ts';
import { upgradeArgument, wish } from './wish.ts';

export function addUpgradePause(upgrade: Command, run: Run): void {
  upgrade
    .command('pause')
    .summary('Pause an upgrade')
    .description('Pause an upgrade: the member in hand is finished, allocation is put back, then nothing more is taken.')
    .argument('<upgrade>', upgradeArgument)
    .addHelpText('after', examples('clusterlift upgrade pause logs'))
    .action(run<[string, object]>((session, idOrCluster) => wish(session, idOrCluster, 'pause')));
}
