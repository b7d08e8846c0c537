/** UpdateClusterVersion on simulated control planes: each is asked for its next minor once, several at a time, by signed requests. */
import { randomUUID } from 'node:crypto';
import {
  endProcessesOf,
  eventually,
  makeStateFolder,
  processesOf,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../../test/rig/index.ts';
import { cpuSecondsWithChildren } from '../fleet/watch.ts';
import type { Signed } from './load.ts';

export type SignWith = (
  server: Pick<ServerRig, 'port' | 'keyId' | 'secret'>,
  method: string,
  path: string,
  body?: string,
) => Signed;

const from = '1.34';
const to = '1.35';
const atOnce = 4;
const madeTimeoutMs = 300_000;

/** One line to tell. */
export async function measureUpdates(
  sign: SignWith,
  clusters: number,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await makeStateFolder('api-updates');
  const server = await startServer({ stateFolder: folder, environment: { ...environment, CLUSTERLIFT_SIMULATE: '1' } });
  const ask = async (method: string, path: string, body?: unknown) => {
    const sent = sign(server, method, path, body === undefined ? '' : JSON.stringify(body));
    const init = { method, headers: Object.fromEntries(sent.headers), ...(sent.body === '' ? {} : { body: sent.body }) };
    const answer = await fetch(`${server.url}${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, Readonly<Record<string, string>>>> };
  };
  try {
    const names = Array.from({ length: clusters }, (_, index) => `updated-${index}`);
    for (const name of names) {
      const roleArn = 'arn:aws:iam::123456789012:role/eks';
      const tags = { 'clusterlift:speed': '100' };
      const made = await ask('POST', '/clusters', { name, version: from, roleArn, resourcesVpcConfig: { subnetIds: [] }, tags });
      if (made.status !== 200) throw new Error(JSON.stringify(made.body));
    }
    await eventually('every cluster is active', madeTimeoutMs, async () => {
      const asked = await Promise.all(names.map((name) => ask('GET', `/clusters/${name}`)));
      return asked.every(({ body }) => body.cluster?.status === 'ACTIVE') ? true : undefined;
    });
    const pids = [server.pid() ?? 0, ...(await databaseOf(folder))];
    const cpu = () => pids.reduce((sum, pid) => sum + cpuSecondsWithChildren(pid), 0);
    const [before, began] = [cpu(), performance.now()];
    const statuses: number[] = [];
    const waiting = [...names];
    const work = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        const path = `/clusters/${name}/updates`;
        statuses.push((await ask('POST', path, { version: to, clientRequestToken: randomUUID() })).status);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const seconds = (performance.now() - began) / 1000;
    const accepted = statuses.filter((status) => status === 200).length;
    const cpuMs = ((cpu() - before) * 1000) / clusters;
    return `UpdateClusterVersion ours: ${(clusters / seconds).toFixed(1)} requests/s, ${cpuMs.toFixed(0)} ms of a processor each (a look at the cluster, its checks, its plan; and upgrades that run beside), ${clusters - accepted} refused`;
  } finally {
    await server.stop();
    await endProcessesOf(folder);
    await removeStateFolder(folder);
  }
}

async function databaseOf(folder: string): Promise<readonly number[]> {
  return (await processesOf(folder)).filter(({ command }) => command.includes('bin/postgres')).map(({ pid }) => pid);
}
