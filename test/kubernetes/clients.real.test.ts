import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAwsCli } from '../rig/aws-cli.ts';
import { chapters } from '../rig/chapters.ts';
import {
  endProcessesOf,
  eventually,
  freePorts,
  kubectl,
  makeStateFolder,
  NativeRig,
  processesOf,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';
import { findTerraform, type TerraformEnd, type TerraformFolder } from '../rig/terraform.ts';

const kubectlOf = 'kubernetes-1.36.3';
const region = 'eu-central-1';
const role = 'arn:aws:iam::123456789012:role/clusters';
/** Twice what the CLI's waiters would need when they look a moment too early. */
const waiterMs = 10 * 60_000;
const awayMs = 60_000;

const foundCli = findAwsCli();
const cli = foundCli.kind === 'found' ? foundCli.cli : null;
const found = findTerraform();
// Reports count what was left out, and do not name it.
if (foundCli.kind === 'missing') console.log(`The aws CLI is left out: ${foundCli.because}.`);
if (found.kind === 'missing') console.log(`Terraform is left out: ${found.because}.`);

let stateFolder: string;
let server: ServerRig;
let https: string;

beforeAll(async () => {
  stateFolder = await makeStateFolder('clients');
  const [port] = await freePorts(1);
  https = `https://127.0.0.1:${port}`;
  server = await startServer({ stateFolder, environment: { CLUSTERLIFT_LISTEN_TLS: `127.0.0.1:${port}` } });
});

afterAll(async () => {
  await server?.stop();
  if (stateFolder === undefined) return;
  await endProcessesOf(stateFolder);
  await removeStateFolder(stateFolder);
});

function credentials(): Readonly<Record<string, string>> {
  return { AWS_ACCESS_KEY_ID: server.keyId, AWS_SECRET_ACCESS_KEY: server.secret, AWS_DEFAULT_REGION: region };
}

/** Terraform waits up to a minute by itself before it destroys: the story of the aws CLI is told meanwhile. */
let destroying: Promise<TerraformEnd> | null = null;

const terraformTitle =
  found.kind === 'found'
    ? `Terraform ${found.terraform.version} with its provider ${found.terraform.provider}`
    : `Terraform (left out: ${found.because})`;

describe.runIf(found.kind === 'found')(`${terraformTitle} on a real control plane`, () => {
  const chapter = chapters();
  let folder: TerraformFolder;

  const version = (to: string) => `-var=kubernetes_version=${to}`;
  const apply = (to: string) => folder.run('apply', '-auto-approve', '-input=false', version(to));
  /** 0: nothing to change; 2: something. */
  const plan = (to: string) => folder.run('plan', '-detailed-exitcode', '-input=false', version(to));
  const outputs = async () => JSON.parse((await folder.run('output', '-json')).stdout);
  const expectSuccess = (end: TerraformEnd, says: string) => {
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end.stdout).toContain(says);
  };

  beforeAll(() => {
    const path = join(stateFolder, 'terraform');
    mkdirSync(path);
    if (found.kind === 'found') folder = found.terraform.open(path, configuration(), credentials());
  });

  function configuration(): string {
    return `
variable "kubernetes_version" { type = string }

provider "aws" {
  region = "${region}"
  endpoints {
    eks = "${server.url}"
    sts = "${server.url}"
  }
}

resource "aws_eks_cluster" "this" {
  name     = "by-terraform"
  role_arn = "${role}"
  version  = var.kubernetes_version
  vpc_config {
    subnet_ids = ["subnet-0a", "subnet-0b"]
  }
  tags = {
    "clusterlift:platform-version" = "eks.1"
    "clusterlift:soak-seconds"     = "3"
  }
}

output "version" { value = aws_eks_cluster.this.version }
`;
  }

  chapter('creates it, and has nothing to change then', async () => {
    expectSuccess(await apply('1.36'), '1 added, 0 changed, 0 destroyed');
    expect(await outputs()).toMatchObject({ version: { value: '1.36' } });
    expectSuccess(await plan('1.36'), 'No changes.');
  });

  chapter('is told what cannot be', async () => {
    const end = await apply('9.99');
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain('InvalidParameterException: unsupported Kubernetes version');
  });

  chapter('takes it to the next version, and has nothing to change then', async () => {
    expectSuccess(await apply('1.37'), '0 added, 1 changed, 0 destroyed');
    expect(await outputs()).toMatchObject({ version: { value: '1.37' } });
    expectSuccess(await plan('1.37'), 'No changes.');
  });

  chapter('begins to destroy it', async () => {
    destroying = folder.run('destroy', '-auto-approve', '-input=false', version('1.37'));
  });
});

const cliTitle =
  foundCli.kind === 'found' ? `the aws CLI ${foundCli.cli.version}` : `the aws CLI (left out: ${foundCli.because})`;

describe.runIf(cli !== null)(`${cliTitle} on a real control plane`, () => {
  const chapter = chapters();
  const name = 'by-cli';
  let updateId: string;

  const overHttp = () => ({ AWS_ENDPOINT_URL: server.url });
  const overTls = () => ({ AWS_ENDPOINT_URL: https, AWS_CA_BUNDLE: join(stateFolder, 'state', 'tls', 'ca.crt') });

  /** `aws eks ...`, which must succeed; what it printed. */
  async function aws(words: readonly string[], environment: Readonly<Record<string, string>> = overHttp()): Promise<string> {
    const end = await cli?.run(['eks', ...words], { ...credentials(), ...environment }, waiterMs);
    expect(end, words.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
    return end?.stdout.trimEnd() ?? '';
  }

  /** One value of its answer, as text. */
  const ask = (query: string, ...words: readonly string[]) => aws([...words, '--query', query, '--output', 'text']);

  /** What it says when it is refused. */
  async function refused(...words: readonly string[]): Promise<string> {
    const end = await cli?.run(['eks', ...words], { ...credentials(), ...overHttp() });
    expect(end?.exitCode).not.toBe(0);
    return end?.stderr.trim() ?? '';
  }

  const writeKubeconfig = async (file: string, environment: Readonly<Record<string, string>>) => {
    const KUBECONFIG = join(stateFolder, file);
    await aws(['update-kubeconfig', '--name', name], { ...environment, KUBECONFIG });
    return (...words: readonly string[]) =>
      kubectl(kubectlOf, KUBECONFIG, words, { ...credentials(), ...environment, PATH: cli?.path ?? '' });
  };
  type Kubectl = Awaited<ReturnType<typeof writeKubeconfig>>;
  const servedVersion = async (kubernetes: Kubectl) =>
    (JSON.parse(await kubernetes('version', '-o', 'json')) as { serverVersion: { gitVersion: string } }).serverVersion.gitVersion;
  let kubernetes: Kubectl;

  chapter('makes it and waits until it is active', async () => {
    const versions = await ask('clusterVersions[].clusterVersion', 'describe-cluster-versions');
    expect(versions.split('\t')).toEqual(expect.arrayContaining(['1.36', '1.37']));
    const tags = 'clusterlift:platform-version=eks.1,clusterlift:soak-seconds=3';
    const made = await ask(
      'cluster.status',
      ...['create-cluster', '--name', name, '--kubernetes-version', '1.36', '--role-arn', role, '--tags', tags],
      ...['--resources-vpc-config', 'subnetIds=subnet-0a,subnet-0b'],
    );
    expect(made).toBe('CREATING');
    await aws(['wait', 'cluster-active', '--name', name]);
    expect(await ask('cluster.[status,version,platformVersion]', 'describe-cluster', '--name', name)).toBe('ACTIVE\t1.36\teks.1');
  });

  chapter('gives kubectl a kubeconfig and tokens', async () => {
    kubernetes = await writeKubeconfig('kubeconfig', overHttp());
    expect(await servedVersion(kubernetes)).toBe('v1.36.1');
    await kubernetes('create', 'configmap', 'before', '--from-literal=of=1.36');
    const { status } = JSON.parse(await kubernetes('auth', 'whoami', '-o', 'json'));
    expect(status.userInfo.username).toMatch(new RegExp(`:user/${server.keyId}$`));
  });

  chapter('is refused what cannot be, in the words of the service', async () => {
    const to = (version: string) => refused('update-cluster-version', '--name', name, '--kubernetes-version', version);
    expect(await to('9.99')).toContain('(InvalidParameterException)');
    expect(await to('9.99')).toContain('unsupported Kubernetes version');
    expect(await to('1.36')).toContain('Unsupported Kubernetes minor version update from 1.36 to 1.36');
    expect(await refused('describe-cluster', '--name', 'nobody')).toContain('No cluster found for name: nobody.');
  });

  chapter('lists insights, and starts the update', async () => {
    const insights = await ask('insights[].insightStatus.status', 'list-insights', '--cluster-name', name);
    expect(insights.split('\t').length).toBeGreaterThan(10);
    expect(insights).not.toContain('ERROR');
    const update = ['update-cluster-version', '--name', name, '--kubernetes-version', '1.37'];
    const [id, status, type] = (await ask('update.[id,status,type]', ...update)).split('\t');
    expect({ status, type }).toEqual({ status: 'InProgress', type: 'VersionUpdate' });
    updateId = id ?? '';
    expect(await refused(...update)).toContain(
      `(ResourceInUseException) when calling the UpdateClusterVersion operation: Cannot VersionUpdate because cluster ${name} currently has update ${updateId} in progress`,
    );
  });

  chapter('serves kubectl during the update, also with a kubeconfig made then', async () => {
    const describe = () => ask('update.status', 'describe-update', '--name', name, '--update-id', updateId);
    const fresh = await writeKubeconfig('kubeconfig-during', overHttp());
    let looks = 0;
    do {
      expect(await kubernetes('get', 'configmap', 'before', '-o', 'jsonpath={.data.of}')).toBe('1.36');
      await fresh('create', 'configmap', `during-${looks}`);
      looks += 1;
    } while ((await describe()) === 'InProgress');
    expect(looks).toBeGreaterThan(2);
    expect(await describe()).toBe('Successful');
    const kept = await kubernetes('get', 'configmaps', '-o', 'jsonpath={.items[*].metadata.name}');
    expect(kept.split(' ')).toEqual(expect.arrayContaining(Array.from({ length: looks }, (_, look) => `during-${look}`)));
    await aws(['wait', 'cluster-active', '--name', name]);
  });

  chapter('shows the new version afterwards, also over TLS', async () => {
    expect(await ask('cluster.[status,version,platformVersion]', 'describe-cluster', '--name', name)).toBe('ACTIVE\t1.37\teks.2');
    expect(await ask('updateIds', 'list-updates', '--name', name)).toBe(updateId);
    expect(await servedVersion(kubernetes)).toBe('v1.37.2');
    const secure = await writeKubeconfig('kubeconfig-tls', overTls());
    expect(await secure('get', 'configmap', 'before', '-o', 'jsonpath={.data.of}')).toBe('1.36');
    const untrusting = await cli?.run(['eks', 'list-clusters'], { ...credentials(), AWS_ENDPOINT_URL: https });
    expect(untrusting?.stderr).toContain('SSL validation failed');
  });

  chapter('deletes it and waits until it is gone', async () => {
    expect(await ask('cluster.status', 'delete-cluster', '--name', name)).toBe('DELETING');
    await aws(['wait', 'cluster-deleted', '--name', name]);
    expect((await ask('clusters', 'list-clusters')).split('\t')).not.toContain(name);
  });
});

describe.runIf(cli !== null || found.kind === 'found')('in the end', () => {
  it.runIf(found.kind === 'found')('Terraform has destroyed what it made', async () => {
    const end = await destroying;
    expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end?.stdout).toContain('1 destroyed');
  });

  it('no cluster and no member is left', async () => {
    expect(await new NativeRig(server).clusterIds()).toEqual([]);
    await eventually('no member runs', awayMs, async () => {
      const left = await processesOf(join(stateFolder, 'state', 'members'));
      return left.length === 0 ? true : undefined;
    });
  });
});
