import { join } from 'node:path';
import {
  DeregisterClusterCommand,
  DescribeClusterCommand,
  ListClustersCommand,
  RegisterClusterCommand,
} from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EksRig, endProcessesOf, makeStateFolder, removeStateFolder, type ServerRig, startServer } from '../rig/index.ts';

let folder: string;
let server: ServerRig;
let eks: EksRig;

beforeAll(async () => {
  folder = await makeStateFolder('registrations');
  // Nothing was ever built or fetched there.
  server = await startServer({ stateFolder: folder, environment: { CLUSTERLIFT_CACHE_DIR: join(folder, 'cache') } });
  eks = new EksRig(server);
}, 240_000);
afterAll(async () => {
  await server.stop();
  await endProcessesOf(folder);
  await removeStateFolder(folder);
});

const connectorConfig = { roleArn: 'arn:aws:iam::123456789012:role/connector', provider: 'OTHER' } as const;

async function register(name: string) {
  const { cluster } = await eks.client.send(new RegisterClusterCommand({ name, connectorConfig }));
  return cluster;
}

async function listed(include: string[]) {
  return (await eks.client.send(new ListClustersCommand({ include }))).clusters;
}

describe('a cluster that is registered by the official client', { timeout: 120_000 }, () => {
  it('is awaited with a code, survives a kill of the server, and is forgotten when it is deregistered', async () => {
    const registered = await register('barn');
    expect(registered).toMatchObject({ name: 'barn', status: 'PENDING', connectorConfig });
    expect(registered?.connectorConfig?.activationCode).toMatch(/^[0-9a-f]{32}$/);
    await expect(register('barn')).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await server.kill();
    await server.start();
    const { cluster } = await eks.client.send(new DescribeClusterCommand({ name: 'barn' }));
    expect(cluster).toEqual(registered);
    expect([await listed([]), await listed(['all'])]).toEqual([[], ['barn']]);
    const left = await eks.client.send(new DeregisterClusterCommand({ name: 'barn' }));
    expect(left.cluster?.status).toBe('DELETING');
    expect(await listed(['all'])).toEqual([]);
  });
});

describe('a cluster that is to be made where no components were built', { timeout: 120_000 }, () => {
  it('is refused at once with what to do, and nothing is made or downloaded', async () => {
    const refused = await eks.create({ name: 'shop', version: '1.36' }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'InvalidParameterException', $metadata: { httpStatusCode: 400 } });
    const says = String((refused as Error).message);
    for (const name of ['kubernetes-1.36.3', 'etcd-3.6.16'])
      expect(says).toContain(
        `There is no component ${name} in ${join(folder, 'cache', 'components')}: run \`npm run components\`.`,
      );
    expect(says).toContain('is downloaded only where the configuration says `downloads: true`.');
    expect(says).toContain('A server that is started with --simulate makes clusters without any of it.');
    expect(says.match(/kubernetes-1\.36\.3 in/g)?.length).toBe(1);
    expect(await listed(['all'])).not.toContain('shop');
  });
});
