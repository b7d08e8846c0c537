import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAwsCli } from '../../rig/aws-cli.ts';
import { type SignedSts, sampleKey, serveSignedSts } from './signed-sts.ts';

const found = findAwsCli();
const cli = found.kind === 'found' ? found.cli : null;
if (found.kind === 'missing') console.log(`The aws CLI is left out: ${found.because}.`);

describe.runIf(cli !== null)(`the aws CLI ${cli?.version ?? '(left out)'}`, { timeout: 120_000 }, () => {
  let face: SignedSts;
  beforeEach(async () => {
    face = await serveSignedSts();
  });
  afterEach(() => face.close());

  const whoAmI = (secret = sampleKey.secret) =>
    cli?.run(['sts', 'get-caller-identity', '--output', 'json'], {
      AWS_ACCESS_KEY_ID: sampleKey.id,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: face.endpoint,
    });

  it('learns who it is', async () => {
    const end = await whoAmI();
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(end?.stdout ?? '')).toEqual({
      UserId: sampleKey.id,
      Account: '123456789012',
      Arn: `arn:aws:iam::123456789012:user/${sampleKey.id}`,
    });
  });

  it('says that its secret is wrong', async () => {
    const end = await whoAmI('another-secret');
    expect(end?.stderr).toContain('(SignatureDoesNotMatch) when calling the GetCallerIdentity operation');
    expect(end?.exitCode).toBeGreaterThan(0);
  });
});
