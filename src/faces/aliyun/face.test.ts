import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routes } from './routes.ts';
import { createFakeWorld, type FakeWorld, type ServedFace, sampleCaller, serveFace } from './testing.ts';
import { sampleCluster, sampleId } from './testing-samples.ts';
import { isReadable } from './text.ts';

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** As it stands: nothing of the path is put right on the way. */
function send(face: ServedFace, { method = 'GET', path, body, headers = {} }: Sent): Promise<Got> {
  const [host, port] = face.endpoint.split(':');
  return new Promise((resolve, reject) => {
    const length = body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = { ...length, ...headers };
    const outgoing = httpRequest({ host, port: Number(port), method, path, headers: sent, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const errorShape = {
  RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
  HostId: expect.any(String),
  Code: expect.any(String),
  Message: expect.any(String),
  Recommend: expect.any(String),
};

let world: FakeWorld;
let face: ServedFace;
const upgradePath = `/openapi/instances/${sampleId}/actions/upgrade-version`;

describe('the face', () => {
  beforeEach(async () => {
    world = createFakeWorld(sampleCluster());
    face = await serveFace(world);
  });
  afterEach(() => face.close());

  it.each([
    ['GET', '/openapi'],
    ['GET', '/openapi/'],
    ['GET', '/openapi/instances/x/y/z'],
    ['POST', '/openapi/logstashes'],
    ['PUT', `/openapi/instances/${sampleId}`],
    ['PATCH', '/openapi/instances'],
    ['OPTIONS', '/openapi/instances'],
    ['GET', upgradePath],
    ['PROPFIND', '/openapi/instances'],
    ['GET', '/openapi/instances/%zz'],
    ['POST', `/openapi/instances/${sampleId}/actions/upgrade-version%3FdryRun%3Dtrue`],
    ['POST', `/openapi/instances/${sampleId}/actions/upgrade-version;dryRun=true`],
  ])('%s %s is no api, and says so in the shape of this one', async (method, path) => {
    const got = await send(face, { method, path });
    expect(got.status).toBe(404);
    expect(JSON.parse(got.text)).toEqual({
      ...errorShape,
      Code: 'InvalidApi.NotFound',
      Message: 'Specified api is not found, please check your url and method.',
      HostId: face.endpoint,
    });
    expect(world.starts).toEqual([]);
  });

  it('gives every answer a request id, in its body and in a header', async () => {
    const got = await send(face, { path: '/openapi/instances' });
    expect(JSON.parse(got.text).RequestId).toBe(got.headers['x-acs-request-id']);
  });

  it('reads a body that comes without a content type or in chunks, and refuses a content type that is none', async () => {
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }, { 'content-type': 'text/plain' }]) {
      const got = await send(face, { method: 'POST', path: `${upgradePath}?dryRun=true`, body: '{"version":"6.7"}', headers });
      expect({ headers, status: got.status, text: got.text }).toMatchObject({
        status: 200,
        text: expect.stringContaining('check'),
      });
    }
  });

  it('takes a POST without a body, whatever content type it names', async () => {
    for (const headers of [{}, { 'content-type': 'application/octet-stream' }, { 'content-length': '0' }]) {
      const got = await send(face, { method: 'POST', path: `/openapi/instances/${sampleId}/actions/interrupt`, headers });
      expect(JSON.parse(got.text).Code).toBe('InstanceStatusNotSupportCurrentAction');
    }
  });

  it('refuses a body of more than a megabyte without reading it to its end', async () => {
    const got = await send(face, { method: 'POST', path: upgradePath, body: Buffer.alloc(1024 * 1024 + 1, 'x') });
    expect(got.status).toBe(413);
    expect(JSON.parse(got.text)).toEqual({ ...errorShape, Code: 'RequestTooLarge' });
  });

  it.each(['%00', 'es%0acn', '%F0%9F%98%80', 'x'.repeat(5_000), '..%2f..', '%20'])(
    'finds no instance by the name %.20s',
    async (name) => {
      const got = await send(face, { path: `/openapi/instances/${name}` });
      expect({ status: got.status, Code: JSON.parse(got.text).Code }).toEqual({ status: 404, Code: 'InstanceNotFound' });
    },
  );

  it('tells a broken database from a bug, and says nothing of either', async () => {
    for (const [error, status, Code] of [
      [Object.assign(new Error('connect secret-host'), { code: 'ECONNREFUSED' }), 503, 'ServiceUnavailable'],
      [new Error('Connection terminated unexpectedly'), 503, 'ServiceUnavailable'],
      [new Error('secret-host'), 500, 'InternalServerError'],
    ] as const) {
      world.control.clusterViews = async () => {
        throw error;
      };
      const got = await send(face, { path: '/openapi/instances' });
      expect(got.status).toBe(status);
      expect(JSON.parse(got.text)).toEqual({ ...errorShape, Code });
      expect(got.text).not.toContain('secret-host');
    }
  });
});

describe('throttling', () => {
  it('lets a burst through, then says when the next may come, each key for itself', async () => {
    world = createFakeWorld(sampleCluster());
    face = await serveFace(world, {
      throttle: { burst: 3, perSecond: 2 },
      authenticate: async ({ headers }) => ({ kind: 'caller', caller: { ...sampleCaller, keyId: headers['x-key'] ?? '' } }),
    });
    const once = (key: string) => send(face, { path: '/openapi/instances', headers: { 'x-key': key } });
    for (let count = 0; count < 3; count += 1) expect((await once('a')).status).toBe(200);
    const refused = await once('a');
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.text)).toEqual({ ...errorShape, Code: 'Throttling.User' });
    expect(refused.headers['x-acs-retry-after']).toBe('500');
    expect((await once('b')).status).toBe(200);
    world.nowMs += 500;
    expect((await once('a')).status).toBe(200);
    expect((await once('a')).status).toBe(429);
    await face.close();
  });
});

describe('whatever is sent to any operation', () => {
  beforeAll(async () => {
    world = createFakeWorld(sampleCluster());
    face = await serveFace(world, { throttle: { burst: 1e9, perSecond: 1e9 } });
  });
  afterAll(() => face.close());

  const names = ['tags', 'Tags', 'ResourceIds', 'TagKeys', 'nodeAmount', 'zoneCount', 'esVersion', 'description', 'page', 'size'];
  const moreNames = ['masterConfiguration', 'esAdminPassword', 'version', 'plugins', 'deleteType', 'actionNames', 'startTime'];
  const name = fc.constantFrom(...names, ...moreNames, '__proto__', 'toString', 'constructor');
  const odd = fc.constantFrom('\0', '\ud800', '%', '[', '[null]', '{"a":1}', 'null', '-1', '1e9', '99999999999999999999');
  const value = fc.oneof(odd, fc.anything({ maxDepth: 2 }), fc.constant({ toString: 1, valueOf: null, amount: {} }));
  const body = fc.oneof(
    fc.dictionary(name, value).map((members) => stringify(members)),
    fc.constantFrom('', '[', '[]', '[1]', 'null', '{"a":1,"a":2}', 'a=%zz', 'body=', 'body=[', '\ufeff{}'),
    fc.string({ unit: 'binary' }),
  );
  const query = fc
    .array(fc.tuple(name, fc.oneof(odd, fc.string())))
    .map((pairs) => pairs.map(([key, text]) => `${key}=${escaped(text)}`).join('&'));

  function stringify(members: object): string {
    return JSON.stringify(members, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? '';
  }
  function escaped(text: string): string {
    return isReadable(text.replaceAll('\0', '')) ? encodeURIComponent(text) : '%ed%a0%80';
  }

  it('is never a 5xx and always has the shape of this API', async () => {
    const route = fc.constantFrom(...routes);
    await fc.assert(
      fc.asyncProperty(route, query, body, async ({ method, path }, sentQuery, sentBody) => {
        world.clusters.set(sampleId, sampleCluster());
        const url = `/openapi${path.replace('{InstanceId}', sampleId)}?${sentQuery}`;
        const got = await send(face, { method, path: url, ...(method === 'GET' ? {} : { body: sentBody }) });
        expect(got.status, got.text).toBeLessThan(500);
        expect(JSON.parse(got.text)).toMatchObject(got.status === 200 ? { RequestId: expect.any(String) } : errorShape);
      }),
      { numRuns: 300 },
    );
  });
});
