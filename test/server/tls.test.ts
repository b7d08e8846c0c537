import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  endProcessesOf,
  eventually,
  freePorts,
  makeStateFolder,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

let folder: string;
let server: ServerRig;
let port: number;

beforeEach(async () => {
  folder = await makeStateFolder('tls');
  port = (await freePorts(1))[0] ?? 0;
  server = await startServer({ stateFolder: folder, environment: { CLUSTERLIFT_LISTEN_TLS: `127.0.0.1:${port}` } });
});
afterEach(async () => {
  await server.stop();
  await endProcessesOf(folder);
  await removeStateFolder(folder);
});

function whoAmI(ca: string) {
  const client = new STSClient({
    endpoint: `https://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: server.keyId, secretAccessKey: server.secret },
    requestHandler: { httpsAgent: { ca } },
    maxAttempts: 1,
  });
  return client.send(new GetCallerIdentityCommand());
}

describe('the server with a TLS listener', () => {
  it('shows a certificate by an authority whose file it names, and the same one after it was killed', async () => {
    const file = await eventually('the file of the authority is named', 60_000, async () => {
      return /Clients are to trust (\S+ca\.crt)/.exec(server.log())?.[1];
    });
    expect(file).toBe(join(folder, 'state', 'tls', 'ca.crt'));
    const authority = readFileSync(file, 'utf8');
    expect(await whoAmI(authority)).toMatchObject({ UserId: server.keyId });
    await server.kill();
    await server.start();
    await eventually('it speaks TLS again', 60_000, async () => (await whoAmI(authority)).UserId);
    expect(readFileSync(file, 'utf8')).toBe(authority);
  });

  it('names the port that is taken, and how to do without', async () => {
    const other = await makeStateFolder('tls-taken');
    const environment = { CLUSTERLIFT_LISTEN_TLS: `127.0.0.1:${port}` };
    const start = startServer({ stateFolder: other, environment });
    await expect(start).rejects.toThrow(
      `127.0.0.1:${port} is taken. Stop who listens there, or give another --listen-tls (off: none).`,
    );
    await endProcessesOf(other);
    await removeStateFolder(other);
  });
});
