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
  server = await startServer({ stateFolder: folder, environment: {} });
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
