import type { Command } from 'commander';
import { KubeconfigAnswer } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { findCluster } from '../find.ts';
import { printable } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

export function addClusterKubeconfig(cluster: Command, run: Run): void {
  cluster
    .command('kubeconfig')
    .summary('Print a kubeconfig of a Kubernetes cluster')
    .description(
      'Print a kubeconfig with the administrator’s certificate of a Kubernetes cluster that was made here. It works without the server; keep it as you would keep a password.',
    )
    .argument('<cluster>', 'its id or its name')
    .addHelpText(
      'after',
      examples('clusterlift cluster kubeconfig prod > prod.kubeconfig', 'KUBECONFIG=prod.kubeconfig kubectl get nodes'),
    )
    .action(run<[string]>(kubeconfig));
}

async function kubeconfig(session: Session, idOrName: string) {
  const cluster = await findCluster(session, idOrName);
  const answer = await session.api.get(`/clusters/${encodeURIComponent(cluster.id)}/kubeconfig`, KubeconfigAnswer);
  // What may steer a terminal is taken out line by line: the lines themselves are the kubeconfig.
  await session.print(answer, () => answer.kubeconfig.split('\n').map(printable).join('\n'));
  return exitCodes.ok;
}
