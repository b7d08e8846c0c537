import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { createTokens } from './tokens.ts';

it('asks the webhook about a token once, shows it the credentials of the address, and remembers what it says', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      asked.push(request.headers.authorization);
      const known = JSON.parse(text).spec.token === 'known';
      const user = { username: 'somebody', groups: ['one'] };
      response.end(JSON.stringify({ status: known ? { authenticated: true, user } : { authenticated: false } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const tokens = createTokens(
    `clusters:\n  - cluster:\n      server: http://apiserver:secret@127.0.0.1:${port}/token\n`,
    () => 0,
  );
  const somebody = { user: 'somebody', groups: ['one', 'system:authenticated'] };
  expect([await tokens('known'), await tokens('known'), await tokens('other')]).toEqual([somebody, somebody, null]);
  expect(asked).toEqual(Array.from({ length: 2 }, () => `Basic ${Buffer.from('apiserver:secret').toString('base64')}`));
  server.close();
});
