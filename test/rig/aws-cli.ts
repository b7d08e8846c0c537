import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { awsCliFolders, installAwsCli } from '../../scripts/aws-cli.js';

const callTimeoutMs = 60_000;

export interface AwsEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AwsCli {
  readonly version: string;
  /** With it in front of PATH, `aws` is this one: kubeconfigs call it by name. */
  readonly path: string;
  /** A waiter looks every half a minute: it needs a limit of its own. */
  run(args: readonly string[], environment: Readonly<Record<string, string>>, timeoutMs?: number): Promise<AwsEnd>;
}

export type FoundAwsCli =
  | { readonly kind: 'found'; readonly cli: AwsCli }
  /** Its tests are left out by name then: of all tools this one and Terraform may be missing, as not every machine can get them. */
  | { readonly kind: 'missing'; readonly because: string };

/** The real aws CLI: of the machine, or of an earlier run. Where there is none, pip installs it into the cache when `CI` is set. */
export function findAwsCli(): FoundAwsCli {
  const found = anyCli();
  if (found !== null) return { kind: 'found', cli: found };
  if ((process.env.CI ?? '') === '') return { kind: 'missing', because: 'it is not installed' };
  const because = installAwsCli();
  if (because !== null) return { kind: 'missing', because: `pip could not install it: ${because}` };
  const installed = anyCli();
  return installed === null
    ? { kind: 'missing', because: 'pip installed it, and it does not run' }
    : { kind: 'found', cli: installed };
}

export function awsCli(): AwsCli | null {
  const end = findAwsCli();
  return end.kind === 'found' ? end.cli : null;
}

function anyCli(): AwsCli | null {
  for (const folder of ['', ...awsCliFolders()]) {
    const cli = cliIn(folder);
    if (cli !== null) return cli;
  }
  return null;
}

function cliIn(folder: string): AwsCli | null {
  const path = folder === '' ? (process.env.PATH ?? '') : `${folder}${delimiter}${process.env.PATH ?? ''}`;
  const { status, stdout } = spawnSync('aws', ['--version'], { encoding: 'utf8', env: { ...process.env, PATH: path } });
  const version = /^aws-cli\/(\S+)/.exec(stdout ?? '')?.[1];
  if (status !== 0 || version === undefined) return null;
  return { version, path, run: (args, environment, timeoutMs) => run(args, { PATH: path, ...environment }, timeoutMs) };
}

/** Nothing of the account that runs the tests is read: no profile, no credentials, no pager. */
function run(args: readonly string[], environment: Readonly<Record<string, string>>, timeoutMs = callTimeoutMs): Promise<AwsEnd> {
  const home = mkdtempSync(join(tmpdir(), 'clusterlift-aws-'));
  const env = { HOME: home, AWS_EC2_METADATA_DISABLED: 'true', AWS_PAGER: '', LC_ALL: 'C.UTF-8', ...environment };
  return new Promise((resolve) => {
    execFile('aws', [...args], { env, encoding: 'utf8', timeout: timeoutMs }, (error, stdout, stderr) => {
      rmSync(home, { recursive: true, force: true });
      const code = error === null ? 0 : error.code;
      resolve({ exitCode: typeof code === 'number' ? code : -1, stdout, stderr });
    });
  });
}
