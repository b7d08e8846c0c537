import type { Command } from 'commander';
import { Type } from 'typebox';
import { Check } from 'typebox/schema';
import { AddedCluster } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { readInputFile } from '../input-file.ts';
import { showRelease } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import type { Shell } from '../shell.ts';
import type { Description } from './description.ts';

export function addClusterAdd(cluster: Command, run: Run): void {
  cluster
    .command('add')
    .summary('Put a cluster under care')
    .description('Put a cluster under care: one that runs already (registered), or one to be made (created).')
    .argument('<file>', 'its description in YAML or JSON; - reads from standard input')
    .option('--activation <code>', 'take the place of the cluster that was registered with this activation code')
    .option('--kubeconfig <file>', 'of a registered Kubernetes cluster: look at it with what this kubeconfig holds')
    .addHelpText('after', help)
    .action(run<[string, Options]>(add));
}

interface Options {
  readonly activation?: string;
  readonly kubeconfig?: string;
}

async function add(session: Session, path: string, options: Options) {
  const { readDescription } = await import('./description.ts');
  const name = path === '-' ? 'Standard input' : path;
  const description = readDescription(await readInputFile(session.shell, path), name);
  const sent = await withOptions(withPassword(description.value, session.shell), options, session.shell);
  const added = await send(session, sent, (key) => place(description, name, key));
  await session.print(added, ({ cluster, remarks }) => {
    const begins =
      cluster.origin === 'created'
        ? `Cluster ${cluster.name} (${cluster.id}) is being made with ${showRelease(cluster.release)}. See how far it is: clusterlift cluster show ${cluster.name}\n`
        : `Cluster ${cluster.name} (${cluster.id}) is registered; it runs ${showRelease(cluster.release)}.\n`;
    return begins + remarks.map((remark) => `Note: ${remark}\n`).join('');
  });
  return exitCodes.ok;
}

/** A description lies in a repository; the password of the cluster should not. */
function withPassword(description: Description['value'], { env }: Shell): Description['value'] {
  const password = env.CLUSTERLIFT_CLUSTER_PASSWORD;
  return password === undefined || password === '' || 'password' in description ? description : { ...description, password };
}

/** Neither lies in a repository with the description: whoever has one of them has the cluster. */
async function withOptions(description: Description['value'], { activation, kubeconfig }: Options, shell: Shell) {
  return {
    ...description,
    ...(activation === undefined ? {} : { activationCode: activation }),
    ...(kubeconfig === undefined ? {} : { credentials: { kubeconfig: await readInputFile(shell, kubeconfig) } }),
  };
}

const WrongKey = Type.Object({ key: Type.String() });

/** The server names the key that is wrong; the file has it on a line. */
async function send({ api }: Session, description: unknown, placeOf: (key: string) => string) {
  try {
    return await api.post('/clusters', description, AddedCluster);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const wrong = error.answer?.details;
    if (!Check(WrongKey, wrong)) throw error;
    const { message, exitCode, details, remedy, answer } = error;
    throw new Failure(exitCode, `${placeOf(wrong.key)}: ${message}`, { details, remedy, answer });
  }
}

function place(description: Description, name: string, key: string): string {
  const line = description.lineOf(key);
  return line === null ? name : `${name}, line ${line}`;
}

const help = `
A cluster that runs already:

  name: logs
  engine: elasticsearch
  clusterName: logs                 # cluster.name
  nodes:
    - name: n1                      # node.name
      url: http://127.0.0.1:9201    # where its REST API answers
      zone: a                       # optional; with awarenessAttribute: zone
      roles: [master, data, ingest] # optional
      heapMb: 1024                  # optional, as are jvmOptions [...] and folders {conf, data, logs}: as the node has them now
      settingsFileOwner: owner      # who writes elasticsearch.yml: owner (usual), or clusterlift
  username: lifter                  # optional; the password is the key password or CLUSTERLIFT_CLUSTER_PASSWORD

A cluster to be made on the machine of the server:

  name: scratch
  engine: elasticsearch
  origin: created
  clusterName: scratch
  release: { version: 6.7.0 }
  nodes: [{ name: n1 }, { name: n2 }, { name: n3 }]

A Kubernetes cluster to be made there (all but the release has a usual value):

  name: shop
  engine: kubernetes
  origin: created
  release: { version: "1.36" }      # newest build of it; or { version: "1.36", build: eks.1 }
  apiservers: 2
  etcdMembers: 1                    # 1, 3 or 5
  controllers: 2                    # controller managers, and as many schedulers
  soakSeconds: 60                   # how long a new minor behaves as the old one, and is watched
  serviceCidr: 10.96.0.0/16
  flags: { kube-apiserver: [--audit-log-maxage=3] }

A Kubernetes cluster that runs already is looked at, checked and planned for; its owner alone starts its members:

  name: barn
  engine: kubernetes
  endpoint: https://10.0.0.9:6443   # optional with a kubeconfig: its server
  members:                          # each at its own address, not a balancer before it
    - { name: apiserver-1, component: kube-apiserver, address: 10.0.0.1, port: 6443 }
    - { name: apiserver-2, component: kube-apiserver, address: 10.0.0.2, port: 6443 }
  credentials:                      # or --kubeconfig FILE; or certificateAuthority with clientCertificate and clientKey
    certificateAuthority: |
      -----BEGIN CERTIFICATE-----
      ...
    token: eyJhbGciOi...
${examples(
  'clusterlift cluster add logs.yaml',
  'clusterlift cluster add - < logs.json',
  'clusterlift cluster add barn.yaml --kubeconfig admin.conf --activation 0123456789abcdef',
)}`;
