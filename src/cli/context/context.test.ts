import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { against } from '../testing/against.ts';
import { runCommand } from '../testing/run-command.ts';
import { clusterSample } from '../testing/samples.ts';
import { refusedWith } from '../testing/stub-server.ts';

const path = '/home/ann/.clusterlift/config';
const bare = {
  HOME: '/home/ann',
  CLUSTERLIFT_URL: '',
  CLUSTERLIFT_ACCESS_KEY_ID: '',
  CLUSTERLIFT_SECRET_ACCESS_KEY: '',
} as const;
const listed = { 'GET /clusters': { body: { clusters: [clusterSample()] } } };
const keep = (url: string, current: string | null = 'prod') => ({
  [path]: stringify({
    currentContext: current,
    contexts: [
      { name: 'prod', url, keyId: 'LTAIprod', secret: 'secret-of-prod' },
      { name: 'test', url: 'http://127.0.0.1:9', keyId: 'LTAItest', secret: 'secret-of-test' },
    ],
  }),
});
const basic = (keyId: string, secret: string) => `Basic ${Buffer.from(`${keyId}:${secret}`).toString('base64')}`;

test('login tries the key, and keeps it where only its owner can read it', async () => {
  const { server } = await against(listed, onTestFinished);
  const written: [string, string, string][] = [];
  const ran = await runCommand(['login', '--name', 'prod', '--key-id', 'LTAIprod', '--url', server.url], {
    url: '',
    env: bare,
    types: 'secret-of-prod',
    onWrite: (...file) => written.push(file),
  });
  expect(ran).toMatchObject({ code: 0, err: 'Secret of LTAIprod: ' });
  expect(ran.out).toBe(
    `Logged in at ${server.url} with the key LTAIprod. Context prod is kept in ${path} and is the current one.\n`,
  );
  expect(server.requests[0]?.headers.authorization).toBe(basic('LTAIprod', 'secret-of-prod'));
  expect(written).toEqual([
    [
      path,
      stringify({
        currentContext: 'prod',
        contexts: [{ name: 'prod', url: server.url, keyId: 'LTAIprod', secret: 'secret-of-prod' }],
      }),
      'private',
    ],
  ]);
});

test('login keeps nothing that the server does not accept', async () => {
  const { server } = await against(
    { 'GET /clusters': refusedWith(401, 'unauthenticated', 'An active access key is needed.') },
    onTestFinished,
  );
  const written: string[] = [];
  const ran = await runCommand(['login', '--key-id', 'LTAIx', '--secret-file', '-', '--url', server.url], {
    url: '',
    env: bare,
    input: 'wrong\n',
    onWrite: (file) => written.push(file),
  });
  expect(ran.code).toBe(1);
  expect(ran.err).toContain('does not accept the access key LTAIx');
  expect(written).toEqual([]);
});

test('login keeps a key that may not list clusters', async () => {
  const { server } = await against({ 'GET /clusters': refusedWith(403, 'denied', 'Not allowed.') }, onTestFinished);
  const written: string[] = [];
  const ran = await runCommand(['login', '--key-id', 'LTAIx', '--secret-file', '-', '--url', server.url], {
    url: '',
    env: bare,
    input: 's',
    onWrite: (file) => written.push(file),
  });
  expect([ran.code, written]).toEqual([0, [path]]);
});

test('the current context is used where the environment names no key', async () => {
  const { server } = await against(listed, onTestFinished);
  const ran = await runCommand(['cluster', 'list'], { url: '', env: bare, files: keep(server.url) });
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(server.requests[0]?.headers.authorization).toBe(basic('LTAIprod', 'secret-of-prod'));
});

test('--context comes before the environment, and the environment before the current context', async () => {
  const { server, run } = await against(listed, onTestFinished);
  const files = keep(server.url, null);
  const env = { HOME: '/home/ann', CLUSTERLIFT_URL: 'http://127.0.0.1:9' };
  expect((await run('cluster list --context prod', { env, files })).code).toBe(0);
  expect((await run('cluster list', { env: { HOME: '/home/ann' }, files: keep('http://127.0.0.1:9') })).code).toBe(0);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
    basic('LTAIprod', 'secret-of-prod'),
    basic('LTAItestkey', 'the-secret-of-the-test-key'),
  ]);
});

test('the key of a context goes to no other server', async () => {
  const { server } = await against(listed, onTestFinished);
  const ran = await runCommand(['cluster', 'list', '--url', server.url], {
    url: '',
    env: bare,
    files: keep('https://lift.example.com'),
  });
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toBe(
    `Error: The key of context prod is for https://lift.example.com, and is not sent to ${server.url}.\nLog in there: clusterlift login --url ${server.url}\n`,
  );
  expect(server.requests).toEqual([]);
});

test('list shows no secret, and marks the current one', async () => {
  const ran = await runCommand(['context', 'list'], { url: '', env: bare, files: keep('https://lift.example.com') });
  expect(ran.out).toMatchInlineSnapshot(`
    "CURRENT  NAME  URL                       KEY
    *        prod  https://lift.example.com  LTAIprod
             test  http://127.0.0.1:9        LTAItest
    "
  `);
});

test('use and remove write the file anew', async () => {
  const written: string[] = [];
  const world = {
    url: '',
    env: bare,
    files: keep('https://lift.example.com'),
    onWrite: (_path: string, text: string, how: string) => written.push(`${how}\n${text}`),
  };
  expect((await runCommand(['context', 'use', 'test'], world)).out).toBe('The current context is test (http://127.0.0.1:9).\n');
  expect((await runCommand(['context', 'remove', 'prod'], world)).out).toBe(
    'Context prod is forgotten. Its key LTAIprod stays valid. None is current: clusterlift context use NAME\n',
  );
  expect(written[0]).toContain('private\ncurrentContext: test\n');
  expect(written[1]).toContain('private\ncurrentContext: null\n');
  expect(written[1]).not.toContain('secret-of-prod');
});

test.each([
  ['context use nowhere', 'There is no context nowhere.\nThere are: prod, test.\n'],
  ['cluster list --context nowhere', 'There is no context nowhere.\nThere are: prod, test.\n'],
])('`%s` names the contexts that there are', async (command, says) => {
  const ran = await runCommand(command.split(' '), { url: '', env: bare, files: keep('https://lift.example.com') });
  expect(ran).toMatchObject({ code: 2, err: `Error: ${says}` });
});

test('a file that holds no contexts is told, and not written over', async () => {
  const written: string[] = [];
  const ran = await runCommand(['context', 'use', 'prod'], {
    url: '',
    env: bare,
    files: { [path]: 'contexts: 7' },
    onWrite: (file) => written.push(file),
  });
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(`${path} does not hold contexts as \`clusterlift login\` writes them.`);
  expect(written).toEqual([]);
});
