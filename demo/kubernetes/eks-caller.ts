import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CreateNodegroupCommand, type Insight, ListInsightsCommand } from '@aws-sdk/client-eks';
import { type AwsCli, awsCli } from '../../test/rig/aws-cli.ts';
import { EksRig, NativeRig, type ServerRig } from '../../test/rig/index.ts';

export const role = 'arn:aws:iam::123456789012:role/demo';
const subnets = ['subnet-0a', 'subnet-0b'];

export interface NewCluster {
  readonly name: string;
  readonly version: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type SeenInsight = Pick<Insight, 'category' | 'description' | 'insightStatus'>;

export interface SeenUpdate {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly errors: readonly { readonly errorMessage?: string | undefined }[];
}

/** The calls of the story, by an official client: the aws CLI where it is installed, the JavaScript SDK otherwise. */
export interface EksCaller {
  readonly client: string;
  create(cluster: NewCluster): Promise<void>;
  createNodegroup(cluster: string, name: string, size: number): Promise<void>;
  insights(cluster: string): Promise<readonly SeenInsight[]>;
  update(cluster: string, version: string): Promise<SeenUpdate>;
  describeUpdate(cluster: string, id: string): Promise<SeenUpdate>;
  /** Makes a kubeconfig for kubectl. */
  kubeconfig(cluster: string): Promise<{ readonly file: string; readonly environment: Readonly<Record<string, string>> }>;
}

export interface CallerParts {
  readonly server: ServerRig;
  readonly folder: string;
  readonly clusterId: () => Promise<string>;
  /** Shows the call as a person would type it. */
  readonly says: (line: string) => void;
}

export function eksCaller(parts: CallerParts): EksCaller {
  const cli = awsCli();
  return cli === null ? new BySdk(parts) : new ByCli(parts, cli);
}

class ByCli implements EksCaller {
  readonly client: string;
  readonly #parts: CallerParts;
  readonly #cli: AwsCli;

  constructor(parts: CallerParts, cli: AwsCli) {
    this.client = `the aws CLI ${cli.version}`;
    this.#parts = parts;
    this.#cli = cli;
  }

  async create({ name, version, tags }: NewCluster): Promise<void> {
    const tagged = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
    await this.#call([
      ...['create-cluster', '--name', name, '--kubernetes-version', version, '--role-arn', role],
      ...['--resources-vpc-config', `subnetIds=${subnets.join(',')}`, '--tags', tagged.join(',')],
    ]);
  }

  async createNodegroup(cluster: string, name: string, size: number): Promise<void> {
    await this.#call([
      ...['create-nodegroup', '--cluster-name', cluster, '--nodegroup-name', name, '--node-role', role],
      ...['--subnets', ...subnets, '--scaling-config', `minSize=1,maxSize=${size + 1},desiredSize=${size}`],
    ]);
  }

  async insights(cluster: string): Promise<readonly SeenInsight[]> {
    const { insights = [] } = await this.#call<{ insights?: SeenInsight[] }>(['list-insights', '--cluster-name', cluster]);
    return insights;
  }

  async update(cluster: string, version: string): Promise<SeenUpdate> {
    const words = ['update-cluster-version', '--name', cluster, '--kubernetes-version', version];
    return (await this.#call<{ update: SeenUpdate }>(words)).update;
  }

  async describeUpdate(cluster: string, id: string): Promise<SeenUpdate> {
    return (await this.#call<{ update: SeenUpdate }>(['describe-update', '--name', cluster, '--update-id', id])).update;
  }

  async kubeconfig(cluster: string) {
    const file = join(this.#parts.folder, 'aws.kubeconfig');
    await this.#run(['update-kubeconfig', '--name', cluster], { KUBECONFIG: file });
    return { file, environment: { ...this.#environment(), PATH: this.#cli.path } };
  }

  async #call<T>(words: readonly string[]): Promise<T> {
    const stdout = await this.#run(words);
    return (stdout === '' ? {} : JSON.parse(stdout)) as T;
  }

  async #run(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
    this.#parts.says(`$ aws eks ${words.join(' ')}`);
    const end = await this.#cli.run(['eks', ...words, '--output', 'json'], { ...this.#environment(), ...environment });
    if (end.exitCode !== 0) throw new Error(`aws eks ${words[0]}: ${end.stderr.trim() || `exit code ${end.exitCode}`}`);
    return end.stdout;
  }

  #environment(): Readonly<Record<string, string>> {
    const { url, keyId, secret } = this.#parts.server;
    return {
      AWS_ENDPOINT_URL: url,
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: keyId,
      AWS_SECRET_ACCESS_KEY: secret,
    };
  }
}

class BySdk implements EksCaller {
  readonly client: string;
  readonly #parts: CallerParts;
  readonly #eks: EksRig;

  constructor(parts: CallerParts) {
    this.client = `the JavaScript SDK ${sdkVersion()} (no aws CLI is installed)`;
    this.#parts = parts;
    this.#eks = new EksRig(parts.server);
  }

  async create({ name, version, tags }: NewCluster): Promise<void> {
    this.#says('CreateCluster', name, version);
    await this.#eks.create({ name, version, tags: { ...tags } });
  }

  async createNodegroup(clusterName: string, nodegroupName: string, size: number): Promise<void> {
    this.#says('CreateNodegroup', clusterName, nodegroupName);
    const scalingConfig = { minSize: 1, maxSize: size + 1, desiredSize: size };
    await this.#eks.client.send(
      new CreateNodegroupCommand({ clusterName, nodegroupName, nodeRole: role, subnets: [...subnets], scalingConfig }),
    );
  }

  async insights(clusterName: string): Promise<readonly SeenInsight[]> {
    this.#says('ListInsights', clusterName);
    const { insights = [] } = await this.#eks.client.send(new ListInsightsCommand({ clusterName, maxResults: 100 }));
    return insights;
  }

  async update(cluster: string, version: string): Promise<SeenUpdate> {
    this.#says('UpdateClusterVersion', cluster, version);
    return seenUpdate(await this.#eks.startUpdate(cluster, version));
  }

  async describeUpdate(cluster: string, id: string): Promise<SeenUpdate> {
    this.#says('DescribeUpdate', cluster, id);
    return seenUpdate(await this.#eks.update(cluster, id));
  }

  /** Without the aws CLI there is nobody who makes tokens: the certificate of the cluster's own administrator. */
  async kubeconfig(cluster: string) {
    const file = join(this.#parts.folder, 'kubeconfig');
    this.#parts.says(`$ clusterlift cluster kubeconfig ${cluster}`);
    await writeKubeconfig(this.#parts.server, await this.#parts.clusterId(), file);
    return { file, environment: {} };
  }

  #says(operation: string, ...words: readonly string[]): void {
    this.#parts.says(`${operation} ${words.join(' ')}`);
  }
}

/** The administrator's own, which works without the server. */
export async function writeKubeconfig(server: ServerRig, clusterId: string, file: string): Promise<void> {
  const answer = await new NativeRig(server).ask<{ kubeconfig: string }>('GET', `/clusters/${clusterId}/kubeconfig`);
  writeFileSync(file, answer.kubeconfig, { mode: 0o600 });
}

function seenUpdate({ id, type, status, errors }: Awaited<ReturnType<EksRig['update']>>): SeenUpdate {
  return { id: id ?? '', type: type ?? '', status: status ?? '', errors: errors ?? [] };
}

function sdkVersion(): string {
  const file = createRequire(import.meta.url).resolve('@aws-sdk/client-eks/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
