import { ListInsightsCommand, TagResourceCommand, UntagResourceCommand, type Update } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AliyunRig,
  EksRig,
  endProcessesOf,
  eventually,
  makeStateFolder,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const limitMs = 300_000;
const [from, to] = ['1.34', '1.35'] as const;
const speed = { 'clusterlift:speed': '100' };
let folder: string;
let server: ServerRig;
let eks: EksRig;
let aliyun: AliyunRig;

beforeAll(async () => {
  folder = await makeStateFolder('simulate-failures');
  server = await startServer({ stateFolder: folder, environment: { CLUSTERLIFT_SIMULATE: '1' } });
  eks = new EksRig(server);
  aliyun = new AliyunRig(server);
});
afterAll(async () => {
  await server?.stop();
  await endProcessesOf(folder);
  await removeStateFolder(folder);
});

/** As a tool sees it: made with the tag, asked for the next minor, followed to its end. */
async function updated(fail: string): Promise<Update> {
  await eks.create({ name: fail, version: from, tags: { ...speed, 'clusterlift:soak-seconds': '0', 'clusterlift:fail': fail } });
  await eks.waitActive(fail, limitMs);
  return again(fail);
}

async function again(name: string): Promise<Update> {
  // A start looks at the cluster, which has a second to answer: on a busy machine it may not.
  const { id = '' } = await eventually(`an update of ${name} has begun`, limitMs, () => eks.startUpdate(name, to));
  return eks.waitUpdate(name, id, limitMs);
}

async function mend(name: string): Promise<void> {
  const { arn = '' } = await eks.cluster(name);
  await eks.client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['clusterlift:fail'] }));
}

/** Its status, its code, and the subject that it names. */
function endOf({ status, errors = [] }: Update) {
  return { status, errors: errors.map(({ errorCode, resourceIds }) => ({ errorCode, resourceIds })) };
}

const message = ({ errors = [] }: Update) => errors.map(({ errorMessage }) => errorMessage).join('\n');

describe('clusterlift:fail, as clients of Alibaba Elasticsearch see it', { timeout: 4 * limitMs }, () => {
  async function make(fail: string): Promise<string> {
    const id = await aliyun.create({ name: fail, version: '6.3.2', tags: { ...speed, 'clusterlift:fail': fail } });
    await aliyun.waitActive(id, limitMs);
    await aliyun.snapshot(id);
    return id;
  }

  it('node-rejoins-slowly: active at the new version', async () => {
    const id = await make('node-rejoins-slowly');
    await aliyun.dryRunUntilPassed(id, '6.7', limitMs);
    await aliyun.start(id, '6.7');
    await aliyun.waitActive(id, limitMs);
    expect(await aliyun.status(id)).toEqual({ status: 'active', version: '6.7.0_with_X-Pack' });
  });

  it('trial-refused: the dry run tells the refusal, and the upgrade is refused', async () => {
    const id = await make('trial-refused');
    const failed = await eventually('the dry run tells the refusal', limitMs, async () => {
      const items = (await aliyun.dryRun(id, '6.7')).filter(({ status }) => status === 'failed');
      const told = items.flatMap(({ errors }) => errors).map(({ errorMsg }) => errorMsg);
      return told.some((text) => text.includes('simulated.failure')) ? told : undefined;
    });
    expect(failed.join('\n')).toContain('unknown setting [simulated.failure]');
    await expect(aliyun.start(id, '6.7')).rejects.toThrow();
    expect(await aliyun.status(id)).toMatchObject({ status: 'active', version: expect.stringContaining('6.3.2') });
  });
});

describe('clusterlift:fail, as clients of EKS see it', { concurrent: true, timeout: 4 * limitMs }, () => {
  it('member-flaps: Failed with what did not start, ACTIVE at the old version, and done once the tag is gone', async () => {
    const failed = await updated('member-flaps');
    expect(endOf(failed), message(failed)).toEqual({
      status: 'Failed',
      errors: [{ errorCode: 'Unknown', resourceIds: [expect.stringMatching(/^apiserver-/)] }],
    });
    expect(message(failed)).toContain('panic: a simulated failure');
    expect(await eks.cluster('member-flaps')).toMatchObject({ status: 'ACTIVE', version: from });
    await mend('member-flaps');
    expect(endOf(await again('member-flaps'))).toEqual({ status: 'Successful', errors: [] });
    expect(await eks.cluster('member-flaps')).toMatchObject({ status: 'ACTIVE', version: to });
  });

  it('etcd-full: Failed with the alarm of etcd', async () => {
    const failed = await updated('etcd-full');
    expect(failed.status, message(failed)).toBe('Failed');
    expect(message(failed)).toMatch(/NOSPACE|space exceeded/);
    expect(await eks.cluster('etcd-full')).toMatchObject({ status: 'ACTIVE', version: from });
  });

  it('controllers-exit: Failed with what did not start, told in the health of the cluster, and the same request takes it up again', async () => {
    const failed = await updated('controllers-exit');
    const resourceIds = [expect.stringMatching(/^(controller-manager|scheduler)-/)];
    expect(endOf(failed), message(failed)).toEqual({ status: 'Failed', errors: [{ errorCode: 'Unknown', resourceIds }] });
    const { health } = await eks.cluster('controllers-exit');
    expect(health?.issues).toEqual([{ code: 'Other', message: expect.stringContaining('does not start'), resourceIds }]);
    await mend('controllers-exit');
    const done = await again('controllers-exit');
    expect({ id: done.id, ...endOf(done) }).toEqual({ id: failed.id, status: 'Successful', errors: [] });
    expect(await eks.cluster('controllers-exit')).toMatchObject({ version: to, health: { issues: [] } });
  });

  it('node-rejoins-slowly: Successful; another failure can be tagged afterwards, and one that nobody knows cannot', async () => {
    const done = await updated('node-rejoins-slowly');
    expect(endOf(done), message(done)).toEqual({ status: 'Successful', errors: [] });
    expect(await eks.cluster('node-rejoins-slowly')).toMatchObject({ status: 'ACTIVE', version: to });
    const { arn: resourceArn = '' } = await eks.cluster('node-rejoins-slowly');
    const tagged = (fail: string) => eks.client.send(new TagResourceCommand({ resourceArn, tags: { 'clusterlift:fail': fail } }));
    await expect(tagged('member-explodes')).rejects.toThrow(/member-explodes.*apiserver-never-ready.*pods-not-evicted/s);
    await tagged('member-flaps');
    expect((await eks.cluster('node-rejoins-slowly')).tags).toMatchObject({ 'clusterlift:fail': 'member-flaps' });
  });

  it('trial-refused: an insight tells, and UpdateClusterVersion is refused with it', async () => {
    const name = 'trial-refused';
    await eks.create({ name, version: from, tags: { ...speed, 'clusterlift:soak-seconds': '0', 'clusterlift:fail': name } });
    await eks.waitActive(name, limitMs);
    await eventually('an insight has found an error', limitMs, async () => {
      const filter = { kubernetesVersions: [to], statuses: ['ERROR' as const] };
      const { insights = [] } = await eks.client.send(new ListInsightsCommand({ clusterName: name, filter }));
      return insights.length > 0 ? insights : undefined;
    });
    await expect(eks.startUpdate(name, to)).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining('refuses the flags of apiserver-1'),
    });
    expect(await eks.cluster(name)).toMatchObject({ status: 'ACTIVE', version: from });
  });
});
