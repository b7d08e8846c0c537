import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { against } from './testing/against.ts';
import { runCommand, testKey } from './testing/run-command.ts';
import { clusterSample } from './testing/samples.ts';
import { refusedWith, type StubAnswer } from './testing/stub-server.ts';

const nowhere = 'http://127.0.0.1:9';
const listed = { 'GET /clusters': { body: { clusters: [clusterSample()] } } };

test('the key goes as HTTP Basic, and nowhere else', async () => {
  const { run, server } = await against(listed, onTestFinished);
  const ran = await run('cluster list');
  const basic = Buffer.from(`${testKey.id}:${testKey.secret}`).toString('base64');
  expect(server.requests[0]?.headers.authorization).toBe(`Basic ${basic}`);
  expect(ran.out + ran.err).not.toContain(testKey.secret);
});

test('options come before the environment', async () => {
  const { server } = await against(listed, onTestFinished);
  const ran = await runCommand(['--url', `${server.url}/`, '--key-id', 'LTAIother', 'cluster', 'list'], { url: nowhere });
  expect(ran.code).toBe(0);
  expect(Buffer.from(server.requests[0]?.headers.authorization?.slice('Basic '.length) ?? '', 'base64').toString()).toBe(
    `LTAIother:${testKey.secret}`,
  );
});

test.each([
  ['CLUSTERLIFT_ACCESS_KEY_ID', 'There is no access key id to call the server with.'],
  ['CLUSTERLIFT_SECRET_ACCESS_KEY', 'There is no secret of the access key to call the server with.'],
])('without %s it says which variables to set, and asks nobody', async (name, says) => {
  const { run, server } = await against(listed, onTestFinished);
  const ran = await run('cluster list', { env: { [name]: ' ' } });
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toContain(`Error: ${says}\nSet CLUSTERLIFT_ACCESS_KEY_ID (or --key-id) and CLUSTERLIFT_SECRET_ACCESS_KEY`);
  expect(server.requests).toEqual([]);
});

test('there is no option for the secret', async () => {
  const ran = await runCommand(['cluster', 'list', '--secret', 'x'], { url: nowhere });
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toContain("unknown option '--secret'");
});

test('a server that is not there: is it running?', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
  const ran = await runCommand(['cluster', 'list'], { url });
  expect(ran).toMatchObject({ code: 1, out: '', pausedMs: 0 });
  expect(ran.err).toBe(
    `Error: Nothing listens at ${url}.\nIs the server running? Start it with: clusterlift server. Another address is given with --url or CLUSTERLIFT_URL.\n`,
  );
});

test('a key that the server does not accept: which variables to set', async () => {
  const { run, server } = await against(
    { 'GET /clusters': refusedWith(401, 'unauthenticated', 'An active access key is needed.') },
    onTestFinished,
  );
  const ran = await run('cluster list');
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toContain(
    `Error: ${server.url} does not accept the access key ${testKey.id}. An active access key is needed.\nSet CLUSTERLIFT_ACCESS_KEY_ID`,
  );
  expect(ran.err).not.toContain(testKey.secret);
});

test('a server that is away for a moment is asked again, one that stays away is told', async () => {
  const away = refusedWith(503, 'unavailable', 'The database does not answer.');
  const passing = await against({ 'GET /clusters': [away, away, listed['GET /clusters']] }, onTestFinished);
  expect((await passing.run('cluster list')).code).toBe(0);
  const lasting = await against({ 'GET /clusters': away }, onTestFinished);
  expect(await lasting.run('cluster list')).toMatchObject({ code: 1, err: 'Error: The database does not answer.\n' });
  expect(lasting.server.requests).toHaveLength(3);
});

const page: StubAnswer = (response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<html>');
};
const elsewhere: StubAnswer = (response) => {
  response.writeHead(302, { location: `${nowhere}/steal` });
  response.end();
};
test.each([
  ['a web page', page, '(status 200, text/html)'],
  ['a redirect', elsewhere, '(status 302, no content type)'],
  ['other JSON', { status: 500, body: { message: 'boom' } }, '(status 500, application/json; charset=utf-8)'],
])('%s is not the native API', async (_, answer, how) => {
  const { run } = await against({ 'GET /clusters': answer }, onTestFinished);
  const ran = await run('cluster list');
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toContain(`is not the native API of a Clusterlift server ${how}.`);
});

test('an answer of another version is told, not shown as undefined', async () => {
  const { run } = await against({ 'GET /clusters': { body: { clusters: [{ id: 1 }] } } }, onTestFinished);
  const ran = await run('cluster list');
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toContain('The server’s answer to /clusters is not one that this command line understands.');
});

test.each([
  ['not-a-url', 'not-a-url is not the address of a server.'],
  ['ftp://127.0.0.1', 'ftp://127.0.0.1 is not the address of a server.'],
  ['http://id:secret@127.0.0.1:7171', 'The address of the server holds a user or a password.'],
  [
    'http://lift.example.com:7171',
    'Over http://lift.example.com:7171 the secret of the access key would cross the network readable.',
  ],
])('the address %s is refused before anything is sent', async (url, says) => {
  const ran = await runCommand(['cluster', 'list'], { url });
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toContain(`Error: ${says}`);
});

const introducer = '\u001b[';
test('colours are for a terminal alone, and not where NO_COLOR is set', async () => {
  const { run } = await against(listed, onTestFinished);
  const plain = await run('cluster list');
  expect(plain.out).not.toContain(introducer);
  const coloured = await run('cluster list', { isTerminal: true });
  expect(coloured.out).toContain(`${introducer}32mactive${introducer}39m`);
  expect(await run('cluster list', { isTerminal: true, env: { NO_COLOR: '1' } })).toEqual(plain);
  expect(await run('cluster list', { isTerminal: true, env: { TERM: 'dumb' } })).toEqual(plain);
});

test.each([
  [['--help'], 'Exit codes:'],
  [['help', 'plan'], 'Usage: clusterlift plan [options] <cluster> <version>'],
  [['--version'], '0.1.0'],
  [['help', 'server'], 'Run the server'],
])('%j is answered on standard output', async (argv, contains) => {
  const ran = await runCommand(argv, { url: nowhere });
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toContain(contains);
});

test.each([
  ['', 'Usage: clusterlift'],
  ['cluster', 'Usage: clusterlift cluster'],
  ['clusters', "Error: unknown command 'clusters'"],
  ['plan logs', "Error: missing required argument 'version'"],
  ['cluster list --output xml', 'Error: option'],
  ['cluster show a b', 'Error: too many arguments'],
  ['--url x server', 'The word server comes first'],
])('`clusterlift %s` is a mistake of usage', async (command, contains) => {
  const ran = await runCommand(command === '' ? [] : command.split(' '), { url: nowhere });
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toContain(contains);
});

test('every command has a help with an example', async () => {
  const nouns = {
    cluster: ['add', 'list', 'show', 'snapshot', 'remove'],
    upgrade: ['start', 'list', 'show', 'watch', 'pause', 'resume', 'continue', 'cancel', 'rollback'],
    release: ['list'],
    key: ['create', 'list', 'revoke'],
    context: ['list', 'use', 'remove'],
  };
  const commands = [
    ['plan'],
    ['check'],
    ['events'],
    ['login'],
    ['doctor'],
    ['completion'],
    ...Object.entries(nouns).flatMap(([noun, verbs]) => verbs.map((verb) => [noun, verb])),
  ];
  for (const command of commands) {
    const { code, out } = await runCommand([...command, '--help'], { url: nowhere });
    expect({ command, code, hasExample: out.includes(`Examples:\n  clusterlift ${command.join(' ')}`) }).toEqual({
      command,
      code: 0,
      hasExample: true,
    });
  }
});
