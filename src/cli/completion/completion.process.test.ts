/** The script as a real bash completes with it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test, vi } from 'vitest';
import { runCommand } from '../testing/run-command.ts';

vi.setConfig({ testTimeout: 60_000 });

let script = '';
beforeAll(async () => {
  script = (await runCommand(['completion', 'bash'], { url: '', env: { CLUSTERLIFT_ACCESS_KEY_ID: '' } })).out;
});

async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const ask = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _clusterlift; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', ask, 'bash', 'clusterlift', ...words]);
  return stdout.split('\n').filter((line) => line !== '');
}

test.each([
  [['up'], ['upgrade']],
  [['upgrade', 'pa'], ['pause']],
  [['--url', 'http://127.0.0.1:7171', 'upgrade', 're'], ['resume']],
  [['upgrade', 'start', 'logs', '--wa'], ['--watch']],
  [
    ['cluster', 'list', '--output', ''],
    ['table', 'wide', 'json', 'yaml'],
  ],
  [['key', ''], expect.arrayContaining(['create', 'list', 'revoke'])],
  [['upgrade', 'watch', 'upgrade', 'x'], []],
])('bash completes %j', async (words, expected) => {
  expect(await completed(...words)).toEqual(expected);
});
