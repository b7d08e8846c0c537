import type { Command } from 'commander';
import { examples, type Run } from '../run.ts';
import { upgradeArgument, wish } from './wish.ts';

export function addUpgradeContinue(upgrade: Command, run: Run): void {
  upgrade
    .command('continue')
    .description('Go on with an upgrade that waits at a gate')
    .argument('<upgrade>', upgradeArgument)
    .addHelpText('after', examples('clusterlift upgrade continue logs'))
    .action(run<[string, object]>((session, idOrCluster) => wish(session, idOrCluster, 'continue')));
}
