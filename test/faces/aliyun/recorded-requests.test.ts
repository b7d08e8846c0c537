import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAliyunAuthenticator } from '../../../src/access/index.ts';
import { readBody } from '../../../src/faces/aliyun/body.ts';
import { readUpgradeRequest } from '../../../src/faces/aliyun/operations/upgrade-request.ts';
import { queryPairs } from '../../../src/faces/aliyun/query.ts';

interface Recorded {
  readonly client: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** UpgradeEngineVersion as clients in other languages sent it to this face, signed with the secret `testsecret`. */
const recorded: readonly Recorded[] = JSON.parse(readFileSync(new URL('recorded-requests.json', import.meta.url), 'utf8'));

function authenticate(request: Recorded) {
  const { headers } = request;
  const at = new Date(headers['x-acs-date'] ?? headers.date ?? '').toISOString();
  const key = {
    id: 'testid',
    secret: 'testsecret',
    account: 'main',
    description: '',
    createdAt: at,
    status: 'active',
    policy: null,
  } as const;
  const store = { getKey: async () => key, rememberNonce: async () => true };
  return createAliyunAuthenticator({ store, now: () => at })({ ...request, body: Buffer.from(request.body) });
}

describe.each(recorded)('$client, sending "$query"', (request) => {
  it('is let in as it stood on the wire, and not with another query', async () => {
    expect(await authenticate(request)).toMatchObject({ kind: 'caller' });
    expect(await authenticate({ ...request, query: `${request.query}&more=1` })).toMatchObject({ because: 'mismatch' });
  });

  it('means what it says', () => {
    const query = queryPairs(request.query) ?? [];
    const read = readBody(request.headers['content-type'] ?? '', Buffer.from(request.body));
    if (read.kind === 'unreadable') throw new Error(read.says);
    expect(
      readUpgradeRequest({ caller: { keyId: '', account: '', policy: null }, path: {}, query, headers: {}, body: read.body }),
    ).toMatchObject({
      dryRun: /dryRun=true/i.test(request.query),
      version: '6.7',
      type: 'engineVersion',
      clientToken: query.find(([name]) => name === 'clientToken')?.[1] ?? null,
    });
  });
});

it('both kinds of request were recorded of the clients that write dryRun in their own way', () => {
  expect(recorded.filter(({ query }) => query.includes('dryRun=True')).map(({ client }) => client)).toEqual([
    'Python alibabacloud_elasticsearch20170613 5.4.1',
    'Python aliyun-python-sdk-core 2.16',
  ]);
});
