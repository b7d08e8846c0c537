import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { ServerRig } from './server.ts';
import { eventually } from './waiting.ts';

// These packages are CommonJS, and what `import` makes of them differs between Node and the test runner.
const require = createRequire(import.meta.url);
const openapi = require('@alicloud/openapi-core') as typeof import('@alicloud/openapi-core');
const {
  default: Sdk,
  CreateInstanceRequest,
  CreateSnapshotRequest,
  DeleteInstanceRequest,
  ListAllNodeRequest,
  ListInstanceRequest,
  ResumeElasticsearchTaskRequest,
  TagResourcesRequest,
  UpgradeEngineVersionRequest,
} = require('@alicloud/elasticsearch20170613') as typeof import('@alicloud/elasticsearch20170613');

export interface NewInstance {
  readonly name: string;
  readonly version: string;
  readonly nodes?: number;
  readonly zones?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface DryRunItem {
  readonly validateType: string;
  readonly status: string;
  readonly errors: readonly { readonly errorType: string; readonly errorCode: string; readonly errorMsg: string }[];
}

/** The SDKs give up after this time. */
const sdkReadTimeoutMs = 3_000;

/** The official TypeScript SDK, unmodified, pointed at a server. */
export class AliyunRig {
  readonly sdk: InstanceType<typeof Sdk>;

  constructor(server: Pick<ServerRig, 'port' | 'keyId' | 'secret'>) {
    const config = new openapi.$OpenApiUtil.Config({
      accessKeyId: server.keyId,
      accessKeySecret: server.secret,
      endpoint: `127.0.0.1:${server.port}`,
      protocol: 'http',
      regionId: 'cn-hangzhou',
      readTimeout: sdkReadTimeoutMs,
    });
    this.sdk = new Sdk(config);
  }

  /** Makes an instance and finds it by its name, as users of this SDK must: it drops the body of the answer. */
  async create(instance: NewInstance): Promise<string> {
    await this.sdk.createInstance(
      new CreateInstanceRequest({
        description: instance.name,
        esVersion: instance.version,
        nodeAmount: instance.nodes ?? 3,
        zoneCount: instance.zones ?? 1,
        esAdminPassword: 'Not-used-on-oss-1',
        paymentType: 'postpaid',
        nodeSpec: { spec: 'elasticsearch.sn2ne.large', disk: 20, diskType: 'cloud_ssd' },
        networkConfig: { type: 'vpc', vpcId: 'vpc-demo', vswitchId: 'vsw-demo', vsArea: 'cn-hangzhou-i' },
        tags: Object.entries(instance.tags ?? {}).map(([tagKey, tagValue]) => ({ tagKey, tagValue })),
        clientToken: randomUUID(),
      }),
    );
    const listed = await this.sdk.listInstance(new ListInstanceRequest({ description: instance.name, page: 1, size: 10 }));
    const found = (listed.body?.result ?? []).find((candidate) => candidate.description === instance.name);
    if (found?.instanceId === undefined) throw new Error(`ListInstance does not show ${instance.name}`);
    return found.instanceId;
  }

  async status(id: string): Promise<{ readonly status: string; readonly version: string }> {
    const { body } = await this.sdk.describeInstance(id);
    return { status: body?.result?.status ?? '', version: body?.result?.esVersion ?? '' };
  }

  /** Waits for `active`; ends at once, with the status, when the instance becomes `invalid`. */
  async waitActive(id: string, timeoutMs: number): Promise<void> {
    const status = await eventually(`instance ${id} is active`, timeoutMs, async () => {
      const now = await this.status(id);
      return now.status === 'activating' ? undefined : now.status;
    });
    if (status !== 'active') throw new Error(`instance ${id} is ${status}`);
  }

  /** REST addresses of the data nodes. */
  async addresses(id: string): Promise<readonly string[]> {
    const { body } = await this.sdk.listAllNode(id, new ListAllNodeRequest({ extended: true }));
    return (body?.result ?? [])
      .filter((node) => node.nodeType !== 'KIBANA')
      .map((node) => `http://${node.host}:${node.port}`)
      .sort();
  }

  async dryRun(id: string, version: string, type = 'engineVersion'): Promise<readonly DryRunItem[]> {
    const { body } = await this.sdk.upgradeEngineVersion(id, new UpgradeEngineVersionRequest({ version, type, dryRun: true }));
    return (body?.result ?? []).map((item) => ({
      validateType: item.validateType ?? '',
      status: item.status ?? '',
      errors: (item.validateResult ?? []).map((error) => ({
        errorType: error.errorType ?? '',
        errorCode: error.errorCode ?? '',
        errorMsg: error.errorMsg ?? '',
      })),
    }));
  }

  /** Asks again until every item passes: a trial that is still running is an item that says so. */
  async dryRunUntilPassed(
    id: string,
    version: string,
    timeoutMs: number,
    seen: (items: readonly DryRunItem[]) => void = () => undefined,
    type = 'engineVersion',
  ): Promise<readonly DryRunItem[]> {
    let last: readonly DryRunItem[] = [];
    const passed = await eventually(
      `the dry run of ${id} to ${version} passes`,
      timeoutMs,
      async () => {
        last = await this.dryRun(id, version, type);
        seen(last);
        return last.length > 0 && last.every((item) => item.status === 'success') ? last : undefined;
      },
      1_000,
    ).catch((error: Error) => {
      throw new Error(`${error.message} ${JSON.stringify(last.filter((item) => item.status !== 'success'))}`);
    });
    return passed;
  }

  async start(id: string, version: string, type = 'engineVersion', clientToken: string = randomUUID()): Promise<void> {
    await this.sdk.upgradeEngineVersion(id, new UpgradeEngineVersionRequest({ version, type, dryRun: false, clientToken }));
  }

  async resume(id: string): Promise<void> {
    await this.sdk.resumeElasticsearchTask(id, new ResumeElasticsearchTaskRequest({ clientToken: randomUUID() }));
  }

  async snapshot(id: string): Promise<void> {
    await this.sdk.createSnapshot(id, new CreateSnapshotRequest({ clientToken: randomUUID() }));
  }

  async tag(id: string, tags: Readonly<Record<string, string>>): Promise<void> {
    await this.sdk.tagResources(
      new TagResourcesRequest({
        resourceIds: [id],
        resourceType: 'INSTANCE',
        tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
      }),
    );
  }

  async remove(id: string): Promise<void> {
    await this.sdk.deleteInstance(id, new DeleteInstanceRequest({ deleteType: 'immediate', clientToken: randomUUID() }));
  }
}
