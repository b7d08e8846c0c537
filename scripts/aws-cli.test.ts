import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findAwsCli } from '../test/rig/aws-cli.ts';

const systemTools = fileURLToPath(new URL('./system-tools.js', import.meta.url));
let [folder, bin, cache, calls] = ['', '', '', ''];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clusterlift-aws-cli-'));
  [bin, cache, calls] = [join(folder, 'bin'), join(folder, 'cache'), join(folder, 'calls')];
  for (const path of [bin, cache]) mkdirSync(path);
  writeFileSync(calls, '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A python3 that does what a test says; each call is a line of `calls`. */
function python(script: string): void {
  writeFileSync(join(bin, 'python3'), `#!/bin/sh\necho "$*" >> ${calls}\n${script}\n`, { mode: 0o755 });
}

const installs = 'case "$*" in *install*) exec /bin/mkdir -p "$7" ;; *awscli*--version*) echo aws-cli/1.46.2 ;; esac';
const cannotReach = 'case "$*" in *install*) echo "ERROR: No matching distribution found for awscli" >&2; exit 1 ;; esac';

function tools(environment: Readonly<Record<string, string>> = {}) {
  const env = { PATH: bin, HOME: folder, CLUSTERLIFT_CACHE_DIR: cache, ...environment };
  const { status, stdout } = spawnSync(process.execPath, [systemTools, 'aws'], { encoding: 'utf8', env });
  return { status, told: stdout.split('\n').filter((line) => line.startsWith('aws')) };
}

function found(environment: Readonly<Record<string, string>>) {
  for (const [name, value] of Object.entries({ PATH: bin, CLUSTERLIFT_CACHE_DIR: cache, ...environment }))
    vi.stubEnv(name, value);
  return findAwsCli();
}

it('the aws CLI is named and left out where pip cannot bring it, with CI set as without', () => {
  python(cannotReach);
  const says =
    'aws is left out (ERROR: No matching distribution found for awscli). Install the AWS CLI, for example with: pip install awscli';
  expect(tools()).toEqual({ status: 0, told: [says] });
  expect(tools({ CI: '1' })).toEqual({ status: 0, told: [says] });
  expect(found({ CI: '1' })).toEqual({
    kind: 'missing',
    because: 'pip could not install it: ERROR: No matching distribution found for awscli',
  });
  expect(readdirSync(join(cache, 'tools'))).toEqual([]);
});

it('the aws CLI is left out where there is no Python, or one that brings no pip', () => {
  expect(tools()).toMatchObject({ status: 0, told: [expect.stringMatching(/^aws is left out \(Python 3 was not found\)\. /)] });
  python('case "$*" in *pip*--version*) exit 1 ;; *venv*) echo "ensurepip is not available"; exit 1 ;; esac');
  expect(tools().told).toEqual([expect.stringContaining('(Python 3 has neither pip nor venv: ensurepip is not available)')]);
});

it('pip brings it once, and tests find it where it was put', () => {
  python(installs);
  const path = join(cache, 'tools', 'awscli-1.46.2', 'run', 'aws');
  expect(tools()).toEqual({ status: 0, told: [`aws: ${path}`] });
  expect(readFileSync(calls, 'utf8')).toMatch(/^-m pip install .*awscli==1\.46\.2$/m);
  writeFileSync(calls, '');
  expect(tools()).toEqual({ status: 0, told: [`aws: ${path}`] });
  expect(readFileSync(calls, 'utf8')).toBe('');
  expect(readdirSync(join(cache, 'tools'))).toEqual(['awscli-1.46.2']);
  expect(found({ CI: '' })).toMatchObject({ kind: 'found', cli: { version: '1.46.2' } });
});

it('tests that want it install nothing where CI is not set', () => {
  python(installs);
  expect(found({ CI: '' })).toEqual({ kind: 'missing', because: 'it is not installed' });
  expect(readFileSync(calls, 'utf8')).toBe('');
});
