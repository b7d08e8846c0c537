/** The command as people start it: bin/clusterlift.js in a process of its own. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { streamed } from './testing/event-stream.ts';
import { testKey } from './testing/run-command.ts';
import { clusterSample, events, ids, upgradeSample } from './testing/samples.ts';
import { stubServer } from './testing/stub-server.ts';

const bin = fileURLToPath(new URL('../../bin/clusterlift.js', import.meta.url));

function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [bin, ...argv], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ended = async () => {
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await closed, out, err };
  };
  return { child, closed, ended };
}

// Several processes start at the same time on a machine that has other tests to run.
vi.setConfig({ testTimeout: 90_000 });

const keyEnv = { CLUSTERLIFT_ACCESS_KEY_ID: testKey.id, CLUSTERLIFT_SECRET_ACCESS_KEY: testKey.secret };

test('a command runs from the sources and ends with its exit code', async () => {
  const server = await stubServer({ 'GET /clusters': { body: { clusters: [clusterSample()] } } });
  onTestFinished(() => server.close());
  const listed = await start(['cluster', 'list', '--url', server.url], keyEnv).ended();
  expect(listed).toMatchObject({ code: 0, err: '' });
  expect(listed.out).toContain('logs  es-cn-a1b2c3d4e5f6g7h8  active');
  expect(await start(['cluster', 'show', 'lgos', '--url', server.url], keyEnv).ended()).toMatchObject({ code: 1, out: '' });
});

test('without a key, without a file: a mistake of usage', async () => {
  expect(await start(['cluster', 'list']).ended()).toMatchObject({ code: 2, out: '' });
  const added = await start(['cluster', 'add', '/nowhere/at-all.yaml'], keyEnv).ended();
  expect(added).toMatchObject({ code: 2, out: '' });
  expect(added.err).toContain('Error: /nowhere/at-all.yaml cannot be read: ENOENT');
});

test('server has a help of its own', async () => {
  const ran = await start(['server', '--help']).ended();
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toContain('Usage: clusterlift server [options]');
  expect(ran.out).toContain('--state-dir');
});

test('Ctrl-C while watching ends with 130 and leaves the upgrade alone', async () => {
  const server = await stubServer({
    'GET /clusters': { body: { clusters: [clusterSample()] } },
    [`GET /upgrades/${ids.upgrade}`]: { body: upgradeSample() },
    [`GET /upgrades/${ids.upgrade}/events`]: streamed([events.acting], 'stay'),
  });
  onTestFinished(() => server.close());
  const watching = start(['upgrade', 'watch', ids.upgrade, '--url', server.url], keyEnv);
  const ending = watching.ended();
  await new Promise((resolve) => watching.child.stdout.once('data', resolve));
  watching.child.kill('SIGINT');
  const ended = await ending;
  expect(ended.code).toBe(130);
  expect(ended.out).toContain('n2 is stopped and started at 6.8.23.');
  expect(ended.err).toContain('Watching has ended, the upgrade goes on.');
  expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
});

test('a reader that has seen enough (| head) is no error', async () => {
  const clusters = Array.from({ length: 3_000 }, () => clusterSample());
  const server = await stubServer({ 'GET /clusters': { body: { clusters } } });
  onTestFinished(() => server.close());
  const listing = start(['cluster', 'list', '--url', server.url], keyEnv);
  const told = text(listing.child.stderr);
  listing.child.stdout.destroy();
  expect({ code: await listing.closed, err: await told }).toEqual({ code: 0, err: '' });
});
