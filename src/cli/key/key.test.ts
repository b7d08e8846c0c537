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

test('list marks the key that calls', async () => {
  const keys = [key(testKey.id, { description: 'first' }), key('LTAIold', { status: 'revoked', description: 'old' })];
  const { run } = await against({ 'GET /keys': { body: { keys } } }, onTestFinished);
  expect((await run('key list')).out).toMatchInlineSnapshot(`
    "ID           STATUS   MADE                  DESCRIPTION
    LTAItestkey  active   2026-11-24 08:00:00Z  first (calls now)
    LTAIold      revoked  2026-11-24 08:00:00Z  old
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
