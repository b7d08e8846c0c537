import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
import { processShell } from './shell.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'clusterlift-shell-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

test('what is private can be read by its owner alone, also where the file before could be read by all', async () => {
  const home = await folder();
  const path = join(home, '.clusterlift', 'config');
  await processShell().writePrivateFile(path, 'one');
  expect([await modeOf(path), await modeOf(join(home, '.clusterlift'))]).toEqual(['600', '700']);
  await chmod(path, 0o644);
  await processShell().writePrivateFile(path, 'two');
  expect([await readFile(path, 'utf8'), await modeOf(path)]).toEqual(['two', '600']);
  expect(await readdir(join(home, '.clusterlift'))).toEqual(['config']);
});

test('what an earlier try left readable does not lend its mode', async () => {
  const path = join(await folder(), 'config');
  await writeFile(`${path}.${process.pid}`, '', { mode: 0o644 });
  await processShell().writePrivateFile(path, 'secret');
  expect(await modeOf(path)).toBe('600');
});

test('a program is asked what it prints; one that is not there or fails prints nothing', async () => {
  const { probe, nodeProgram } = processShell();
  expect(await probe(nodeProgram, ['-e', 'console.log("out"); console.error("err")'])).toBe('out\n\nerr\n');
  expect(await probe(nodeProgram, ['-e', 'process.exit(3)'])).toBeNull();
  expect(await probe('clusterlift-no-such-program', [])).toBeNull();
});
