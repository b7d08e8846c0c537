/** Elasticsearch nodes as their owner runs them without Clusterlift: own folders, own settings files, own processes. */
import { spawn } from 'node:child_process';
import { chownSync, closeSync, cpSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unprivilegedAccount } from '../../src/hosts/process/account.ts';
import { eventually, freePorts } from '../rig/index.ts';
import { homeOf } from '../rig/releases.ts';

const joinTimeoutMs = 180_000;

export interface OwnersNode {
  readonly name: string;
  readonly url: string;
  readonly httpPort: number;
  readonly transportPort: number;
  readonly conf: string;
  readonly data: string;
  readonly logs: string;
  readonly pid: number;
}

export interface OwnersCluster {
  readonly folder: string;
  readonly clusterName: string;
  readonly version: string;
  readonly size: number;
  /** Lines added to each elasticsearch.yml. */
  readonly settings?: readonly string[];
}

/** Starts nodes of a 5.x or 6.x version and waits until all are in one cluster. */
export async function startOwnersCluster(cluster: OwnersCluster): Promise<readonly OwnersNode[]> {
  const home = await homeOf(cluster.version);
  const ports = await freePorts(cluster.size * 2);
  const peers = ports.filter((_, index) => index % 2 === 1).map((port) => `127.0.0.1:${port}`);
  const nodes = Array.from({ length: cluster.size }, (_, index) =>
    startNode(cluster, home, peers, {
      name: `n${index + 1}`,
      httpPort: ports[index * 2] ?? 0,
      transportPort: ports[index * 2 + 1] ?? 0,
    }),
  );
  await eventually(`${cluster.size} nodes of ${cluster.clusterName} are together`, joinTimeoutMs, async () => {
    const answers = await Promise.all(
      nodes.map((node) => fetch(`${node.url}/_cluster/health`, { signal: AbortSignal.timeout(5_000) })),
    );
    const healths = (await Promise.all(answers.map((answer) => answer.json()))) as readonly { number_of_nodes?: number }[];
    return healths.every((health) => health.number_of_nodes === cluster.size) ? true : undefined;
  });
  return nodes;
}

interface Place {
  readonly name: string;
  readonly httpPort: number;
  readonly transportPort: number;
}

function startNode(cluster: OwnersCluster, home: string, peers: readonly string[], place: Place): OwnersNode {
  const root = join(cluster.folder, place.name);
  const [conf, data, logs, tmp] = ['conf', 'data', 'logs', 'tmp'].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const folder of [conf, data, logs, tmp]) mkdirSync(folder, { recursive: true });
  cpSync(join(home, 'config', 'log4j2.properties'), join(conf, 'log4j2.properties'));
  writeFileSync(join(conf, 'elasticsearch.yml'), settingsFile(cluster, peers, place, { data, logs }));
  const account = unprivilegedAccount();
  if (account !== null) {
    for (const path of [root, conf, data, logs, tmp, join(conf, 'elasticsearch.yml')]) chownSync(path, account.uid, account.gid);
  }
  const log = openSync(join(logs, 'stdout.log'), 'a');
  const child = spawn('java', javaWords(cluster.version, home, conf, tmp), {
    cwd: root,
    detached: true,
    stdio: ['ignore', log, log],
    ...(account === null ? {} : { uid: account.uid, gid: account.gid }),
  });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new Error(`${place.name} was not spawned`);
  return { ...place, url: `http://127.0.0.1:${place.httpPort}`, conf, data, logs, pid: child.pid };
}

/** As an owner writes it: some settings nested, a comment, a list over several lines. */
function settingsFile(
  cluster: OwnersCluster,
  peers: readonly string[],
  place: Place,
  folders: { data: string; logs: string },
): string {
  return `# ${cluster.clusterName}, looked after by hand
cluster.name: ${cluster.clusterName}
node:
  name: ${place.name}
path.data: ${folders.data}
path:
  logs: ${folders.logs}
network.host: 127.0.0.1
http.port: ${place.httpPort}
transport.tcp.port: ${place.transportPort}
discovery.zen.minimum_master_nodes: ${Math.floor(peers.length / 2) + 1}
discovery.zen.ping.unicast.hosts:
${peers.map((peer) => `  - "${peer}"`).join('\n')}
${(cluster.settings ?? []).join('\n')}
`;
}

/** Without the shell script, whose jvm.options name flags that newer Java no longer knows. */
function javaWords(version: string, home: string, conf: string, tmp: string): readonly string[] {
  const five = version.startsWith('5.');
  return [
    ...['-Xms256m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xss1m'],
    ...['-Djava.awt.headless=true', '-Dfile.encoding=UTF-8', '-Dlog4j2.disable.jmx=true', `-Djava.io.tmpdir=${tmp}`],
    ...[
      `-Des.path.home=${home}`,
      ...(five ? [] : [`-Des.path.conf=${conf}`, '-Des.distribution.flavor=oss', '-Des.distribution.type=zip']),
    ],
    ...['-cp', `${home}/lib/*`, 'org.elasticsearch.bootstrap.Elasticsearch', ...(five ? [`-Epath.conf=${conf}`] : [])],
  ];
}
