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
    .addHelpText('after', help)
    .action(run<[string, object]>(add));
}

async function add(session: Session, path: string) {
  const { readDescription } = await import('./description.ts');
  const name = path === '-' ? 'Standard input' : path;
  const description = readDescription(await readInputFile(session.shell, path), name);
  const added = await send(session, withPassword(description.value, session.shell), (key) => place(description, name, key));
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
${examples('clusterlift cluster add logs.yaml', 'clusterlift cluster add - < logs.json')}`;
