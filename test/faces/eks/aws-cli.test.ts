import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sampleAuthority } from '../../../src/faces/eks/testing-samples.ts';
import { findAwsCli } from '../../rig/aws-cli.ts';
import { keyId, secret } from './signed-face.ts';
import { askReview, serveThreeFaces, type TestCertificates, type ThreeFaces, testCertificates } from './three-faces.ts';

const found = findAwsCli();
const cli = found.kind === 'found' ? found.cli : null;
if (found.kind === 'missing') console.log(`The aws CLI is left out: ${found.because}.`);
/** The CLI takes a second to start, and more on a machine that has other things to do. */
const patient = { timeout: 180_000 };
let certificates: TestCertificates;
let folder: string;
let faces: ThreeFaces;

beforeAll(async () => {
  certificates = await testCertificates();
  folder = mkdtempSync(join(tmpdir(), 'clusterlift-cli-'));
  writeFileSync(join(folder, 'ca.crt'), certificates.authority);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  faces = await serveThreeFaces(certificates);
});
afterEach(() => faces.close());

function aws(endpoint: string, ...args: readonly string[]) {
  return cli?.run(args, {
    AWS_ACCESS_KEY_ID: keyId,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_CA_BUNDLE: join(folder, 'ca.crt'),
    KUBECONFIG: join(folder, 'kubeconfig'),
  });
}

describe('an official client over TLS', () => {
  it('trusts the authority it was given, and no other', async () => {
    const client = (ca: string) =>
      new EKSClient({
        endpoint: faces.https,
        region: 'eu-central-1',
        maxAttempts: 1,
        credentials: { accessKeyId: keyId, secretAccessKey: secret },
        requestHandler: { httpsAgent: { ca } },
      });
    expect((await client(certificates.authority).send(new ListClustersCommand())).clusters).toEqual(['prod-1']);
    const { authority: another } = await testCertificates();
    await expect(client(another).send(new ListClustersCommand())).rejects.toThrow(/certificate/);
  });
});

describe.runIf(cli !== null)(`the aws CLI ${cli?.version ?? '(left out)'}`, patient, () => {
  it('learns who it is and what there is, over http and over TLS', async () => {
    for (const endpoint of [faces.http, faces.https]) {
      const who = await aws(endpoint, 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text');
      expect(who).toEqual({ exitCode: 0, stdout: `arn:aws:iam::123456789012:user/${keyId}\n`, stderr: '' });
      const list = await aws(endpoint, 'eks', 'list-clusters', '--query', 'clusters', '--output', 'text');
      expect(list).toEqual({ exitCode: 0, stdout: 'prod-1\n', stderr: '' });
    }
  });

  it('writes a kubeconfig that asks it for tokens', async () => {
    expect(await aws(faces.http, 'eks', 'update-kubeconfig', '--name', 'prod-1')).toMatchObject({ exitCode: 0 });
    const written = parse(readFileSync(join(folder, 'kubeconfig'), 'utf8'));
    const [{ cluster }] = written.clusters;
    expect(cluster.server).toBe('https://127.77.3.1:6443');
    expect(Buffer.from(cluster['certificate-authority-data'], 'base64').toString()).toBe(sampleAuthority);
    expect(written.users[0].user.exec).toMatchObject({ command: 'aws', args: expect.arrayContaining(['get-token', 'prod-1']) });
  });

  it('makes tokens that are good for the cluster they were made for, and for no other', async () => {
    const tokenFor = async (cluster: string) => {
      const end = await aws(faces.http, 'eks', 'get-token', '--cluster-name', cluster);
      return String(JSON.parse(end?.stdout ?? '').status.token);
    };
    const good = await askReview(faces, await tokenFor('prod-1'));
    expect(good).toMatchObject({
      authenticated: true,
      user: { username: `arn:aws:iam::123456789012:user/${keyId}`, groups: ['system:masters'] },
    });
    const other = await askReview(faces, await tokenFor('prod-2'));
    expect(other).toEqual({ authenticated: false, error: expect.stringContaining('not signed for this cluster') });
  });
});
