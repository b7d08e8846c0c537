import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { cacheDir } from './releases.ts';

/** What pip installs where the machine has no aws CLI and a run must not do without. */
const awscliVersion = '1.46.2';
const installTimeoutMs = 300_000;
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

/**
 * The real aws CLI: of the machine, or of an earlier run. Where there is none it is installed by pip into the cache when
 * `CI` is set, and null otherwise: its tests are left out by name then.
 */
export function awsCli(): AwsCli | null {
  const folder = join(cacheDir(), 'tools', `awscli-${awscliVersion}`);
  const found = cliIn('') ?? cliIn(join(folder, 'run'));
  if (found !== null || (process.env.CI ?? '') === '') return found;
  install(folder);
  const installed = cliIn(join(folder, 'run'));
  if (installed === null) throw new Error('The aws CLI was installed by pip and does not run.');
  return installed;
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

/** Whole or not at all, whoever else installs it at the same time. */
function install(folder: string): void {
  mkdirSync(join(folder, '..'), { recursive: true });
  const making = mkdtempSync(`${folder}.`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--target', making, `awscli==${awscliVersion}`];
  const { status, stderr } = spawnSync('python3', pip, { encoding: 'utf8', timeout: installTimeoutMs });
  if (status !== 0) throw new Error(`The aws CLI is needed where CI is set, and pip could not install it: ${stderr ?? ''}`);
  mkdirSync(join(making, 'run'));
  const starter = '#!/bin/sh\nPYTHONPATH="$(dirname "$0")/.." exec python3 -m awscli "$@"\n';
  writeFileSync(join(making, 'run', 'aws'), starter, { mode: 0o755 });
  if (existsSync(folder)) rmSync(making, { recursive: true });
  else renameSync(making, folder);
}
