/**
 * Requests a second and processor time a request of the API of EKS, signatures verified, beside moto's server and a bare
 * node:http handler in the same minute. Load by wrk (the system's package of that name).
 *
 *   npm run bench:api -- [--seconds 5] [--rounds 3] [--updates 40]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { recordClusters } from '../test/fuzz/recorded-clusters.ts';
import { sigV4 } from '../test/fuzz/sign.ts';
import {
  endProcessesOf,
  makeStateFolder,
  processesOf,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../test/rig/index.ts';
import { type Figures, loadWith, type Signed, wrkIsThere } from './api/load.ts';
import { type Peer, startBare, startMoto } from './api/peers.ts';
import { measureUpdates } from './api/updates.ts';
import { buildServer } from './built-server.ts';
import { median } from './figures.ts';
import { machineSays } from './fleet/watch.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    updates: { type: 'string', default: '40' },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const region = 'eu-central-1';
const account = '100000000000';
const names = Array.from({ length: 50 }, (_, index) => `bench-${index}`);
/** More than are sent in a round: each makes a cluster of its own. */
const created = 3_000;
const sign = sigV4(() => 'eks', region);

let made = 0;

function signed(server: Pick<ServerRig, 'port' | 'keyId' | 'secret'>, method: string, path: string, body = ''): Signed {
  const plain = { method, path, query: null, headers: body === '' ? [] : ([['content-type', 'application/json']] as const) };
  const key = { id: server.keyId, secret: server.secret };
  const signing = { key, host: `127.0.0.1:${server.port}`, at: new Date(), nonce: '' };
  const request = { ...plain, body: Buffer.from(body), framing: 'length' as const, operation: '' };
  const { headers } = sign(request, signing, undefined as never);
  return { method, path, headers, body };
}

function newCluster(): string {
  made += 1;
  return JSON.stringify({
    name: `new-${made}`,
    roleArn: 'arn:aws:iam::123456789012:role/eks',
    resourcesVpcConfig: { subnetIds: ['subnet-0a1b2c3d4e5f60718'] },
  });
}

interface Call {
  readonly name: string;
  readonly read: boolean;
  readonly requests: (at: Pick<ServerRig, 'port' | 'keyId' | 'secret'>) => readonly Signed[];
}

const calls: readonly Call[] = [
  { name: 'DescribeCluster', read: true, requests: (at) => names.map((name) => signed(at, 'GET', `/clusters/${name}`)) },
  { name: 'ListClusters', read: true, requests: (at) => [signed(at, 'GET', '/clusters')] },
  {
    name: 'CreateCluster',
    read: false,
    requests: (at) => Array.from({ length: created }, () => signed(at, 'POST', '/clusters', newCluster())),
  },
];

if (!(await wrkIsThere())) throw new Error('wrk was not found. Install the package wrk (apt-get install wrk).');
const folder = await makeStateFolder('api');
const config = join(folder, 'config.json');
// Whatever is made is a record alone: nothing may be started on this machine.
writeFileSync(config, JSON.stringify({ logLevel: 'error', hosts: { local: { kind: 'simulated', url: 'http://127.0.0.1:9' } } }));
const environment = await buildServer();
const server = await startServer({ stateFolder: folder, config, environment });
const peers: Peer[] = [];
try {
  await recordClusters(join(folder, 'state'), { names, account, region });
  const moto = await startMoto();
  peers.push(moto);
  const one = signed(server, 'GET', `/clusters/${names[0]}`);
  const answer = await (await fetch(`${server.url}${one.path}`, { headers: Object.fromEntries(one.headers) })).text();
  const bare = await startBare(answer);
  peers.push(bare);
  for (const name of names) {
    const body = JSON.stringify({ ...JSON.parse(newCluster()), name });
    await fetch(`http://127.0.0.1:${moto.port}/clusters`, {
      method: 'POST',
      body,
      headers: Object.fromEntries(signed({ ...server, port: moto.port }, 'POST', '/clusters', body).headers),
    });
  }
  for (const call of calls) await measure(call, moto, bare);
  console.log(await measureUpdates(signed, Number(values.updates), environment));
  console.log(machineSays());
} finally {
  for (const peer of peers) peer.close();
  await server.stop();
  await endProcessesOf(folder);
  await removeStateFolder(folder);
}

async function measure(call: Call, moto: Peer, bare: Peer): Promise<void> {
  const database = (await processesOf(folder)).filter(({ command }) => command.includes('bin/postgres')).map(({ pid }) => pid);
  const seen: { ours: Figures; moto: Figures; bare: Figures }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const at = (port: number) => ({ port, keyId: server.keyId, secret: server.secret });
    seen.push({
      ours: await loadWith(folder, server.port, [server.pid() ?? 0, ...database], call.requests(at(server.port)), seconds),
      moto: await loadWith(folder, moto.port, [moto.pid], call.requests(at(moto.port)), seconds),
      bare: await loadWith(folder, bare.port, [bare.pid], call.requests(at(bare.port)), seconds),
    });
  }
  const of = (side: 'ours' | 'moto' | 'bare', figure: keyof Figures) => median(seen.map((round) => round[side][figure]));
  for (const side of ['ours', 'moto', 'bare'] as const)
    console.log(
      `${call.name} ${side}: ${of(side, 'requestsPerSecond').toFixed(0)} requests/s, ${of(side, 'cpuMsEach').toFixed(3)} ms of a processor each, ${of(side, 'refused')} refused`,
    );
  const times = (side: 'moto' | 'bare') =>
    median(seen.map((round) => round.ours.requestsPerSecond / round[side].requestsPerSecond));
  // On a busy machine processor time tells more than answers a second.
  const cpuOfBare = median(seen.map((round) => round.bare.cpuMsEach / round.ours.cpuMsEach));
  console.log(
    `  ${times('moto').toFixed(1)} times moto (goal 10); ${times('bare').toFixed(2)} of bare node:http${call.read ? ' (goal 0.5)' : ''}, ${cpuOfBare.toFixed(2)} by processor time; ${machineSays()}`,
  );
}
