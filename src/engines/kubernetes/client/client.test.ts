import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import type { EngineIo, HttpRequest, HttpResponse } from '../../../domain/index.ts';
import { cluster } from '../observe/testing.ts';
import { evict, kubernetesClient, listReader, reader, samplesOf } from './index.ts';

const base = 'https://127.66.6.1:6443';
const pod = { namespace: 'app', name: 'web-1', uid: 'u-1' };

function clientOf(answer: (request: HttpRequest) => HttpResponse | Error, of = cluster) {
  const asked: HttpRequest[] = [];
  const io: EngineIo = {
    http: async (request) => {
      asked.push(request);
      const response = answer(request);
      if (response instanceof Error) throw response;
      return response;
    },
    hosts: () => undefined,
    now: () => '2026-01-01T00:00:00.000Z',
    pause: () => Promise.resolve(),
  };
  return { asked, client: kubernetesClient(of, io, base) };
}

const json = (status: number, body: unknown): HttpResponse => ({ status, body: JSON.stringify(body) });
const status = (code: number, message: string, reason?: string) => json(code, { kind: 'Status', message, reason, code });

/** As 1.36.1 answers. */
const ends: [string, HttpResponse | Error, object][] = [
  ['evicted', json(201, { kind: 'Status', status: 'Success', code: 201 }), { kind: 'evicted' }],
  [
    'kept by its budget',
    json(429, {
      kind: 'Status',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      reason: 'TooManyRequests',
      details: {
        causes: [{ reason: 'DisruptionBudget', message: 'The disruption budget web needs 2 healthy pods and has 2 currently' }],
      },
    }),
    {
      kind: 'blocked',
      says: "Cannot evict pod as it would violate the pod's disruption budget. The disruption budget web needs 2 healthy pods and has 2 currently",
    },
  ],
  [
    'kept for ever by two budgets',
    status(500, 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.'),
    {
      kind: 'misconfigured',
      says: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    },
  ],
  ['gone', status(404, 'pods "web-1" not found', 'NotFound'), { kind: 'gone' }],
  [
    'gone, with another one of its name in its place',
    status(
      409,
      'Operation cannot be fulfilled on Pod "web-1": the UID in the precondition (u-1) does not match the UID in record (u-2). The object might have been deleted and then recreated',
      'Conflict',
    ),
    { kind: 'gone' },
  ],
  [
    'not evicted: etcd has no quorum',
    status(500, 'etcdserver: request timed out'),
    { kind: 'failed', says: 'HTTP 500: etcdserver: request timed out' },
  ],
  [
    'not evicted: no apiserver',
    new Error('connect ECONNREFUSED'),
    { kind: 'failed', says: expect.stringContaining('ECONNREFUSED') },
  ],
];

describe('an eviction', () => {
  it.each(ends)('%s', async (_, answer, end) => {
    const { client, asked } = clientOf(() => answer);
    expect(await evict(client, pod)).toEqual(end);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', url: `${base}/api/v1/namespaces/app/pods/web-1/eviction` });
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({
      kind: 'Eviction',
      deleteOptions: { preconditions: { uid: 'u-1' } },
    });
  });
});

describe('a list', () => {
  const readNames = listReader('the list', Type.Object({ name: Type.String() }));
  const pageOf = (names: readonly string[], next?: string) =>
    json(200, { metadata: next === undefined ? {} : { continue: next }, items: names.map((name) => ({ name })) });
  const nextOf = ({ url }: HttpRequest) => new URL(url).searchParams.get('continue');

  it('is read page by page to its end', async () => {
    const pages: Record<string, HttpResponse> = { start: pageOf(['a', 'b'], 'x'), x: pageOf(['c'], 'y'), y: pageOf([]) };
    const { client, asked } = clientOf((request) => pages[nextOf(request) ?? 'start'] ?? new Error('no such page'));
    const answer = await client.list('/api/v1/things', readNames, {
      pageSize: 2,
      query: { fieldSelector: 'a=b', resourceVersion: '0' },
    });
    expect(answer).toEqual({ kind: 'ok', value: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] });
    expect(asked.map(({ url }) => url.slice(base.length))).toEqual([
      '/api/v1/things?limit=2&fieldSelector=a%3Db&resourceVersion=0',
      '/api/v1/things?limit=2&fieldSelector=a%3Db&continue=x',
      '/api/v1/things?limit=2&fieldSelector=a%3Db&continue=y',
    ]);
  });

  it('is begun again once when its next page has expired', async () => {
    let expired = 0;
    const expires = (times: number) => (request: HttpRequest) => {
      if (nextOf(request) === null) return pageOf(['a'], 'x');
      expired += 1;
      return expired <= times ? status(410, 'The provided continue parameter is too old', 'Expired') : pageOf(['b']);
    };
    expect(await clientOf(expires(1)).client.list('/things', readNames)).toEqual({
      kind: 'ok',
      value: [{ name: 'a' }, { name: 'b' }],
    });
    expired = 0;
    expect(await clientOf(expires(2)).client.list('/things', readNames)).toMatchObject({ kind: 'status', status: 410 });
  });

  it('that never ends is not read for ever', async () => {
    const { client, asked } = clientOf(() => pageOf(['a'], 'again'));
    expect(await client.list('/things', readNames)).toEqual({
      kind: 'unreadable',
      because: `${base}/things has more than 400 objects, which is more than is read`,
    });
    expect(asked).toHaveLength(400);
  });

  it('may be null, and says which of its items is not as it should be', async () => {
    expect(await clientOf(() => json(200, { metadata: {}, items: null })).client.list('/things', readNames)).toEqual({
      kind: 'ok',
      value: [],
    });
    const torn = json(200, { metadata: {}, items: [{ name: 'a' }, { name: 7 }] });
    expect(await clientOf(() => torn).client.list('/things', readNames)).toEqual({
      kind: 'unreadable',
      because: 'the list is not as expected: items.1.name must be string',
    });
  });
});

describe('an answer', () => {
  const readUid = reader('it', Type.Object({ uid: Type.String() }));

  it.each([
    ['what the schema says', json(200, { uid: 'u' }), { kind: 'ok', value: { uid: 'u' } }],
    [
      'a Status',
      status(403, 'you may not', 'Forbidden'),
      { kind: 'status', status: 403, reason: 'Forbidden', says: 'you may not' },
    ],
    [
      'an error of somebody between',
      { status: 502, body: '<html>Bad Gateway</html>\n' },
      { kind: 'status', status: 502, reason: null, says: '<html>Bad Gateway</html>' },
    ],
    ['a success that is no JSON', { status: 200, body: '<html>' }, { kind: 'unreadable', because: 'it is no JSON' }],
    [
      'none',
      Object.assign(new Error('connect ECONNREFUSED 127.66.6.1:6443'), { code: 'ECONNREFUSED' }),
      { kind: 'unreachable', because: `${base}/x: connect ECONNREFUSED 127.66.6.1:6443`, accepted: false },
    ],
    [
      'cut off',
      Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
      { kind: 'unreachable', because: `${base}/x: socket hang up`, accepted: true },
    ],
  ])('is %s', async (_, response, answer) => {
    expect(await clientOf(() => response).client.get('/x', readUid)).toEqual(answer);
  });

  it('is waited for until the moment that is given, and no longer than its own time', async () => {
    const { client, asked } = clientOf(() => json(200, { uid: 'u' }));
    await client.get('/x', readUid, { timeoutMs: 500, until: '2026-01-01T00:00:03.000Z' });
    await client.get('/x', readUid, { timeoutMs: 5_000, until: '2026-01-01T00:00:03.000Z' });
    await client.get('/x', readUid, { until: '2025-01-01T00:00:00.000Z' });
    expect(asked.map(({ timeoutMs }) => timeoutMs)).toEqual([500, 3_000, 1]);
  });
});

describe('a change', () => {
  it('of a part says how it is to be understood', async () => {
    const { client, asked } = clientOf(() => json(200, {}));
    await client.patch('/api/v1/nodes/n', 'merge', { spec: { unschedulable: true } });
    await client.patch('/api/v1/nodes/n', 'strategic', {});
    await client.put('/api/v1/nodes/n', { a: 1 });
    expect(asked.map(({ method, headers }) => `${method} ${headers?.['content-type']}`)).toEqual([
      'PATCH application/merge-patch+json',
      'PATCH application/strategic-merge-patch+json',
      'PUT application/json',
    ]);
    expect(asked[0]?.body).toBe('{"spec":{"unschedulable":true}}');
  });

  it('that takes an object away takes that very one', async () => {
    const { client, asked } = clientOf(() => json(200, {}));
    expect(await client.delete('/api/v1/nodes/n', { uid: 'u', gracePeriodSeconds: 0 })).toEqual({ kind: 'deleted' });
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({ preconditions: { uid: 'u' }, gracePeriodSeconds: 0 });
    const another = clientOf(() =>
      status(409, 'the UID in the precondition (u) does not match the UID in record (v)', 'Conflict'),
    );
    expect(await another.client.delete('/api/v1/nodes/n', { uid: 'u' })).toEqual({ kind: 'gone' });
    const busy = clientOf(() => status(409, 'the object has been modified', 'Conflict'));
    expect(await busy.client.delete('/api/v1/nodes/n', { uid: 'u' })).toMatchObject({ kind: 'status', status: 409 });
  });
});

describe('who we are', () => {
  it('is shown with the certificate of the administrator', async () => {
    const { client, asked } = clientOf(() => json(200, {}));
    await client.look('/version');
    expect(asked[0]?.tls).toEqual({ authority: 'secret ca.crt', certificate: 'secret admin.crt', key: 'secret admin.key' });
    expect(asked[0]?.headers).not.toHaveProperty('authorization');
  });

  it("is shown with the owner's token where the cluster is not of our making", async () => {
    const foreign = { ...cluster, secrets: { ca: 'their authority', 'kubeconfig-token': 'abc' } };
    const { client, asked } = clientOf(() => json(200, {}), foreign);
    await client.look('/version');
    expect(asked[0]).toMatchObject({ tls: { authority: 'their authority' }, headers: { authorization: 'Bearer abc' } });
  });

  it('cannot be shown without either, and nobody is asked', async () => {
    const { client, asked } = clientOf(() => json(200, {}), { ...cluster, secrets: {} });
    expect(await client.look('/version')).toMatchObject({
      kind: 'unreachable',
      because: expect.stringContaining('no certificate admin'),
    });
    expect(asked).toEqual([]);
  });
});

describe('samples of a metric', () => {
  const text = [
    '# HELP other_total Others.',
    'other_total 3',
    'leader{name="a"} 1',
    'leader{name="b",says="\\"no\\", \\\\ or\\nso}"} 0',
    'leader_total{name="c"} 9',
    'leader 2.5e+03',
  ].join('\n');

  it('are those of its very name, with their labels', () => {
    expect(samplesOf(text, 'leader')).toEqual([
      { labels: { name: 'a' }, value: 1 },
      { labels: { name: 'b', says: '"no", \\ or\nso}' }, value: 0 },
      { labels: {}, value: 2_500 },
    ]);
    expect(samplesOf(text, 'none')).toEqual([]);
    expect(samplesOf('leader 1', 'leader')).toEqual([{ labels: {}, value: 1 }]);
  });
});
