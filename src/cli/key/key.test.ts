import { expect, onTestFinished, test } from 'vitest';
import { against } from '../testing/against.ts';
import { testKey } from '../testing/run-command.ts';
import { refusedWith } from '../testing/stub-server.ts';

const key = (id: string, change: object = {}) => ({
  id,
  account: '1234567890123456',
  description: '',
  status: 'active',
  createdAt: '2026-11-24T08:00:00.000Z',
  ...change,
});

test('create shows the secret once, ready to be set', async () => {
  const { run, server } = await against(
    { 'POST /keys': { status: 201, body: { key: { ...key('LTAInew'), secret: 'secret-of-the-new-key' } } } },
    onTestFinished,
  );
  const ran = await run('key create --description terraform');
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "The access key was made. Its secret is shown now and never again:

      export CLUSTERLIFT_ACCESS_KEY_ID=LTAInew
      export CLUSTERLIFT_SECRET_ACCESS_KEY=secret-of-the-new-key
    "
  `);
  expect(server.requests[0]?.body).toEqual({ description: 'terraform' });
});

const made = { 'POST /keys': { status: 201, body: { key: { ...key('LTAInew'), secret: 'secret' } } } };
const policy = { Statement: [{ Effect: 'Allow', Action: 'eks:*', Resource: 'cluster/prod-*' }] };

test.each([
  ['a file', 'prod.json', { files: { 'prod.json': JSON.stringify(policy) } }],
  ['standard input', '-', { input: JSON.stringify(policy) }],
])('create hands on a policy from %s', async (_, path, world) => {
  const { run, server } = await against(made, onTestFinished);
  expect(await run(`key create --policy ${path}`, world)).toMatchObject({ code: 0, err: '' });
  expect(server.requests[0]?.body).toEqual({ description: '', policy });
});

test.each([
  ['that is not there', 'nowhere.json', 'nowhere.json cannot be read: ENOENT'],
  ['that is not JSON', 'broken.json', 'broken.json is not JSON: '],
  ['that is empty', 'empty.json', 'empty.json is not JSON: '],
  ['that says nothing', 'null.json', 'null.json is not a policy.'],
])('create makes no key with a policy %s', async (_, path, says) => {
  const { run, server } = await against(made, onTestFinished);
  const ran = await run(`key create --policy ${path}`, { files: { 'broken.json': '{', 'empty.json': '', 'null.json': 'null' } });
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toContain(says);
  expect(server.requests).toEqual([]);
});

test('create says what of a policy the server does not take', async () => {
  const says = 'policy.Statement[0].Effect must be one of Allow, Deny.';
  const { run } = await against({ 'POST /keys': refusedWith(400, 'bad-input', says) }, onTestFinished);
  const ran = await run('key create --policy p.json', { files: { 'p.json': '{"Statement":[{"Effect":"Maybe"}]}' } });
  expect(ran).toMatchObject({ code: 2, out: '', err: `Error: ${says}\n` });
});

test('list marks the key that calls, and those that may not do everything', async () => {
  const keys = [
    key(testKey.id, { description: 'first' }),
    key('LTAIold', { status: 'revoked', description: 'old', policy: null }),
    key('LTAIprod', { description: 'prod', policy: { Statement: [] } }),
  ];
  const { run } = await against({ 'GET /keys': { body: { keys } } }, onTestFinished);
  expect((await run('key list')).out).toMatchInlineSnapshot(`
    "ID           STATUS   MAY DO      MADE                  DESCRIPTION
    LTAItestkey  active   everything  2026-11-24 08:00:00Z  first (calls now)
    LTAIold      revoked  everything  2026-11-24 08:00:00Z  old
    LTAIprod     active   its policy  2026-11-24 08:00:00Z  prod
    "
  `);
});

test('revoke says that it is done', async () => {
  const { run } = await against({ 'DELETE /keys/LTAIold': { body: { revoked: true } } }, onTestFinished);
  expect(await run('key revoke LTAIold')).toMatchObject({ code: 0, out: 'Access key LTAIold is revoked.\n' });
});

test('revoke passes on why the last key stays', async () => {
  const { run } = await against(
    {
      'DELETE /keys/LTAIlast': refusedWith(409, 'last-active-key', 'It is the last active key.', {
        remedy: 'Make another key first.',
      }),
    },
    onTestFinished,
  );
  expect(await run('key revoke LTAIlast')).toMatchObject({
    code: 1,
    out: '',
    err: 'Error: It is the last active key.\nMake another key first.\n',
  });
});
