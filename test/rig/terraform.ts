import { execFile, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Its provider for AWS is large: Terraform checks it against its sums, or fetches it. */
const initTimeoutMs = 300_000;
const callTimeoutMs = 10 * 60_000;
const provider = 'hashicorp/aws';

export interface TerraformEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TerraformFolder {
  run(...words: readonly string[]): Promise<TerraformEnd>;
}

export interface Terraform {
  readonly version: string;
  readonly provider: string;
  /** A configuration in a folder, initialized. */
  open(folder: string, configuration: string, environment: Readonly<Record<string, string>>): TerraformFolder;
}

export type FoundTerraform =
  | { readonly kind: 'found'; readonly terraform: Terraform }
  | { readonly kind: 'missing'; readonly because: string };

/** Terraform of the machine with its provider for AWS. No package client brings either, so they may be missing. */
export function findTerraform(): FoundTerraform {
  const asked = terraform(['version', '-json'], tmpdir(), {});
  if (asked.status !== 0) return { kind: 'missing', because: 'Terraform is not installed' };
  const { terraform_version: version } = JSON.parse(asked.stdout) as { readonly terraform_version: string };
  const folder = mkdtempSync(join(tmpdir(), 'clusterlift-terraform-'));
  try {
    const trouble = initialize(folder, requirement);
    if (trouble !== null) return { kind: 'missing', because: `Terraform ${version} has no provider for AWS` };
    const { stdout } = terraform(['version', '-json'], folder, {});
    const { provider_selections: selected } = JSON.parse(stdout) as { readonly provider_selections: Record<string, string> };
    return { kind: 'found', terraform: { version, provider: Object.values(selected).join(), open } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const requirement = `terraform {
  required_providers {
    aws = { source = "${provider}" }
  }
}
`;

function open(folder: string, configuration: string, environment: Readonly<Record<string, string>>): TerraformFolder {
  const trouble = initialize(folder, `${requirement}\n${configuration}`);
  if (trouble !== null) throw new Error(trouble);
  return { run: (...words) => run(words, folder, environment) };
}

function initialize(folder: string, configuration: string): string | null {
  writeFileSync(join(folder, 'main.tf'), configuration);
  const mirror = mirrorFolder();
  const from = mirror === undefined ? [] : [`-plugin-dir=${mirror}`];
  const end = terraform(['init', '-input=false', '-no-color', ...from], folder, {});
  return end.status === 0 ? null : end.stderr;
}

/** Where administrators unpack providers: Terraform's own folders for that, or one directly below /opt. */
function mirrorFolder(): string | undefined {
  const own = [join(homedir(), '.terraform.d', 'plugins'), '/usr/local/share/terraform/plugins', '/usr/share/terraform/plugins'];
  const optional = existsSync('/opt') ? readdirSync('/opt').map((name) => join('/opt', name)) : [];
  return [...own, ...optional].find((folder) => existsSync(join(folder, 'registry.terraform.io', provider)));
}

/** Nothing of the account that runs the tests is read but where it gets providers from. */
function environmentOf(folder: string, environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const config = process.env.TF_CLI_CONFIG_FILE ?? '';
  return {
    ...{ PATH: process.env.PATH ?? '', HOME: folder, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
    ...{ AWS_EC2_METADATA_DISABLED: 'true', TF_CLI_CONFIG_FILE: existsSync(config) ? config : '' },
    ...environment,
  };
}

function terraform(
  words: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>>,
): SpawnSyncReturns<string> {
  const env = environmentOf(folder, environment);
  return spawnSync('terraform', [...words], { cwd: folder, env, encoding: 'utf8', timeout: initTimeoutMs });
}

function run(words: readonly string[], folder: string, environment: Readonly<Record<string, string>>): Promise<TerraformEnd> {
  const env = environmentOf(folder, environment);
  const options = { cwd: folder, env, encoding: 'utf8', timeout: callTimeoutMs, maxBuffer: 16 * 1024 * 1024 } as const;
  return new Promise((resolve) => {
    execFile('terraform', [...words, '-no-color'], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      resolve({ exitCode: typeof code === 'number' ? code : -1, stdout, stderr });
    });
  });
}
