import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type Face, openFace, type World } from './testing.ts';
import { clusterId, samplePlan, sampleUpgrade, uuidOf } from './testing-samples.ts';

let world: World;
let face: Face;
let before: string;
// One for all: nothing here may change anything.
beforeAll(async () => {
  world = createWorld();
  world.plans.set(uuidOf(1), samplePlan());
  world.upgrades.push(sampleUpgrade({ status: 'done' }));
  before = world.picture();
  face = await openFace(world);
});
afterAll(() => face.fastify.close());
afterEach(() => {
  expect(world.writes).toEqual([]);
  expect(world.picture()).toBe(before);
});

const node = { name: 'a', url: 'http://127.0.0.1:9201', transportPort: 9301 };
const cluster = { name: 'shop', engine: 'elasticsearch', clusterName: 'shop', nodes: [node] };
const withNode = (change: object) => ({ ...cluster, nodes: [{ ...node, ...change }] });
const to = { version: '6.3.2' };
const made = (change: object) => ({
  name: 'c',
  engine: 'kubernetes',
  origin: 'created',
  release: { version: '1.36' },
  ...change,
});
const apiserver = { name: 'apiserver-1', component: 'kube-apiserver', address: '10.0.0.1' };
const owned = (change: object) => ({
  ...{ name: 'c', engine: 'kubernetes', members: [apiserver], endpoint: 'https://10.0.0.9' },
  credentials: { token: 'x' },
  ...change,
});
const statement = { Effect: 'Allow', Action: 'eks:*', Resource: '*' };
const withPolicy = (change: object) => ({ policy: { Statement: [statement, { ...statement, ...change }] } });

/** Method, path, body, status, and the key that is named. */
const wrong: readonly (readonly [string, string, unknown, number, string])[] = [
  ['POST', '/clusters', {}, 400, 'engine'],
  ['POST', '/clusters', { engine: 'elasticsearch' }, 400, 'name'],
  ['POST', '/clusters', { engine: 'kubernetes' }, 400, 'name'],
  ['POST', '/clusters', [], 400, 'the body'],
  ['POST', '/clusters', null, 400, 'the body'],
  ['POST', '/clusters', 'text', 400, 'the body'],
  ['POST', '/clusters', { ...cluster, name: 7 }, 400, 'name'],
  ['POST', '/clusters', { ...cluster, name: '' }, 400, 'name'],
  ['POST', '/clusters', { ...cluster, name: 'a\nb' }, 400, 'name'],
  ['POST', '/clusters', { ...cluster, name: 'x'.repeat(129) }, 400, 'name'],
  ['POST', '/clusters', { ...cluster, name: 'a\ud800' }, 400, 'name'],
  ['POST', '/clusters', { ...cluster, description: 'a\u0000b' }, 400, 'description'],
  ['POST', '/clusters', { ...cluster, engine: 'kubernetes' }, 400, 'clusterName'],
  ['POST', '/clusters', { ...cluster, engine: 'redis' }, 400, 'engine'],
  ['POST', '/clusters', { ...cluster, engine: ['kubernetes'] }, 400, 'engine'],
  ['POST', '/clusters', { ...cluster, engine: undefined }, 400, 'engine'],
  ['POST', '/clusters', { ...cluster, origin: 'found' }, 400, 'origin'],
  ['POST', '/clusters', { ...cluster, region: '../x' }, 400, 'region'],
  ['POST', '/clusters', { ...cluster, tags: { a: 1 } }, 400, 'tags.a'],
  ['POST', '/clusters', { ...cluster, tags: ['a'] }, 400, 'tags'],
  ['POST', '/clusters', { ...cluster, tags: { 'a\u0000': 'b' } }, 400, 'a name in tags'],
  ['POST', '/clusters', { ...cluster, tags: { a: 'b\udfff' } }, 400, 'tags.a'],
  ['POST', '/clusters', { ...cluster, clusterName: 'a b' }, 400, 'clusterName'],
  ['POST', '/clusters', { ...cluster, nodes: [] }, 400, 'nodes'],
  ['POST', '/clusters', { ...cluster, nodes: {} }, 400, 'nodes'],
  ['POST', '/clusters', { ...cluster, nodes: Array.from({ length: 100 }, () => node) }, 400, 'nodes'],
  ['POST', '/clusters', { ...cluster, nodes: [node, null] }, 400, 'nodes[1]'],
  ['POST', '/clusters', withNode({ name: '../../etc' }), 400, 'nodes[0].name'],
  ['POST', '/clusters', withNode({ url: 'file:///etc/passwd' }), 400, 'nodes[0].url'],
  ['POST', '/clusters', withNode({ url: 'http://127.0.0.1:9201/_all' }), 400, 'nodes[0].url'],
  ['POST', '/clusters', withNode({ httpPort: 0 }), 400, 'nodes[0].httpPort'],
  ['POST', '/clusters', withNode({ httpPort: '9201' }), 400, 'nodes[0].httpPort'],
  ['POST', '/clusters', withNode({ transportPort: 65_536 }), 400, 'nodes[0].transportPort'],
  ['POST', '/clusters', withNode({ roles: ['king'] }), 400, 'nodes[0].roles[0]'],
  ['POST', '/clusters', withNode({ roles: [] }), 400, 'nodes[0].roles'],
  ['POST', '/clusters', withNode({ heapMb: 1 }), 400, 'nodes[0].heapMb'],
  ['POST', '/clusters', withNode({ heapMb: 512.5 }), 400, 'nodes[0].heapMb'],
  ['POST', '/clusters', withNode({ jvmOptions: ['-Xss1m -Da=b'] }), 400, 'nodes[0].jvmOptions[0]'],
  ['POST', '/clusters', withNode({ settingsFileOwner: 'nobody' }), 400, 'nodes[0].settingsFileOwner'],
  ['POST', '/clusters', withNode({ folders: { conf: '/a' } }), 400, 'nodes[0].folders.data'],
  ['POST', '/clusters', withNode({ folders: { conf: 'a', data: '/b', logs: '/c' } }), 400, 'nodes[0].folders.conf'],
  ['POST', '/clusters', withNode({ colour: 'red' }), 400, 'nodes[0].colour'],
  ['POST', '/clusters', { ...cluster, settings: { a: { b: 1 } } }, 400, 'settings.a'],
  ['POST', '/clusters', { ...cluster, settings: { 'a\nb': 'c' } }, 400, 'settings.a?b'],
  ['POST', '/clusters', { ...cluster, bindAddress: '0.0.0.0\nx: y' }, 400, 'bindAddress'],
  ['POST', '/clusters', { ...cluster, repositoryPath: 'relative' }, 400, 'repositoryPath'],
  ['POST', '/clusters', { ...cluster, hooks: { preStop: 'rm -rf' } }, 400, 'hooks.preStop'],
  ['POST', '/clusters', { ...cluster, hooks: { before: [] } }, 400, 'hooks.before'],
  ['POST', '/clusters', { ...cluster, release: '6.7.0' }, 400, 'release'],
  ['POST', '/clusters', { ...cluster, release: { version: '' } }, 400, 'release.version'],
  ['POST', '/clusters', { ...cluster, gateAfterFirstMember: 'yes' }, 400, 'gateAfterFirstMember'],
  ['POST', '/clusters', { ...cluster, account: 'another' }, 400, 'account'],
  ['POST', '/clusters', { ...cluster, id: 'mine' }, 400, 'id'],
  ['POST', '/clusters', made({ colour: 'red' }), 400, 'colour'],
  ['POST', '/clusters', made({ nodes: [node] }), 400, 'nodes'],
  ['POST', '/clusters', made({ origin: 'found' }), 400, 'origin'],
  ['POST', '/clusters', made({ release: undefined }), 400, 'release'],
  ['POST', '/clusters', made({ release: { version: '1.36', patch: 3 } }), 400, 'release.patch'],
  ['POST', '/clusters', made({ apiservers: 0 }), 400, 'apiservers'],
  ['POST', '/clusters', made({ apiservers: '2' }), 400, 'apiservers'],
  ['POST', '/clusters', made({ etcdMembers: 2 }), 400, 'etcdMembers'],
  ['POST', '/clusters', made({ controllers: 10 }), 400, 'controllers'],
  ['POST', '/clusters', made({ soakSeconds: -1 }), 400, 'soakSeconds'],
  ['POST', '/clusters', made({ drainTimeoutSeconds: 0 }), 400, 'drainTimeoutSeconds'],
  ['POST', '/clusters', made({ serviceCidr: '10.96.0.0/16 --x' }), 400, 'serviceCidr'],
  ['POST', '/clusters', made({ flags: { kubelet: [] } }), 400, 'flags.kubelet'],
  ['POST', '/clusters', made({ flags: { etcd: ['--a\n--b'] } }), 400, 'flags.etcd[0]'],
  ['POST', '/clusters', made({ members: [apiserver] }), 400, 'members'],
  ['POST', '/clusters', made({ endpoint: 'https://a_b' }), 400, 'endpoint'],
  ['POST', '/clusters', made({ credentials: {} }), 400, 'credentials'],
  ['POST', '/clusters', made({ activationCode: 'a' }), 400, 'activationCode'],
  ['POST', '/clusters', owned({ release: to }), 400, 'release'],
  ['POST', '/clusters', owned({ apiservers: 2 }), 400, 'apiservers'],
  ['POST', '/clusters', owned({ members: undefined }), 400, 'members'],
  ['POST', '/clusters', owned({ members: [] }), 400, 'members'],
  ['POST', '/clusters', owned({ members: [{ ...apiserver, component: 'etcd' }] }), 400, 'members[0].component'],
  ['POST', '/clusters', owned({ members: [apiserver, { ...apiserver, name: 'A b' }] }), 400, 'members[1].name'],
  ['POST', '/clusters', owned({ members: [{ ...apiserver, address: 'http://a' }] }), 400, 'members[0].address'],
  ['POST', '/clusters', owned({ members: [{ ...apiserver, address: undefined }] }), 400, 'members[0].address'],
  ['POST', '/clusters', owned({ members: [{ ...apiserver, port: 0 }] }), 400, 'members[0].port'],
  ['POST', '/clusters', owned({ endpoint: 'http://10.0.0.1' }), 400, 'endpoint'],
  ['POST', '/clusters', owned({ endpoint: 'https://a:b@10.0.0.1' }), 400, 'endpoint'],
  ['POST', '/clusters', owned({ activationCode: 'a b' }), 400, 'activationCode'],
  ['POST', '/clusters', owned({ credentials: undefined }), 400, 'credentials'],
  ['POST', '/clusters', owned({ credentials: { password: 'x' } }), 400, 'credentials.password'],
  ['POST', '/clusters', owned({ credentials: { kubeconfig: 'a: [' } }), 400, 'credentials.kubeconfig'],
  ['POST', '/clusters', owned({ credentials: {} }), 400, 'credentials.certificateAuthority'],
  ['POST', '/clusters', owned({ credentials: { certificateAuthority: 'x' } }), 400, 'credentials.certificateAuthority'],
  ['PATCH', `/clusters/${clusterId}`, {}, 400, 'the body'],
  ['PATCH', `/clusters/${clusterId}`, { name: 'x' }, 400, 'name'],
  ['PATCH', `/clusters/${clusterId}`, { description: 3 }, 400, 'description'],
  ['PATCH', `/clusters/${clusterId}`, { tags: null }, 400, 'tags'],
  ['DELETE', `/clusters/${clusterId}?graceMs=-1`, undefined, 400, 'graceMs'],
  ['DELETE', `/clusters/${clusterId}?graceMs=soon`, undefined, 400, 'graceMs'],
  ['DELETE', `/clusters/${clusterId}?graceMs=`, undefined, 400, 'graceMs'],
  ['DELETE', `/clusters/${clusterId}?graceMs=1&graceMs=2`, undefined, 400, 'graceMs'],
  ['DELETE', `/clusters/${clusterId}?graceMs=99999999999999999999`, undefined, 400, 'graceMs'],
  ['POST', `/clusters/${clusterId}/plans`, {}, 400, 'to'],
  ['POST', `/clusters/${clusterId}/plans`, undefined, 400, 'the body'],
  ['POST', `/clusters/${clusterId}/plans`, { to: '6.3.2' }, 400, 'to'],
  ['POST', `/clusters/${clusterId}/plans`, { to: {} }, 400, 'to.version'],
  ['POST', `/clusters/${clusterId}/plans`, { to: { version: 6.3 } }, 400, 'to.version'],
  ['POST', `/clusters/${clusterId}/plans`, { to: { version: '6.3.2\u0000' } }, 400, 'to.version'],
  ['POST', `/clusters/${clusterId}/plans`, { to: { version: '6.3.2', build: '' } }, 400, 'to.build'],
  ['POST', `/clusters/${clusterId}/plans`, { to, dryRun: true }, 400, 'dryRun'],
  ['POST', `/clusters/${clusterId}/snapshots`, { repository: 'a/b' }, 400, 'repository'],
  ['POST', `/clusters/${clusterId}/snapshots`, { repository: 5 }, 400, 'repository'],
  ['POST', '/upgrades', undefined, 400, 'the body'],
  ['POST', '/upgrades', { planId: 'not-a-uuid' }, 400, 'planId'],
  ['POST', '/upgrades', { planId: [uuidOf(1)] }, 400, 'planId'],
  ['POST', '/upgrades', { clusterId: 'a/b', to }, 400, 'clusterId'],
  ['POST', '/upgrades', { clusterId, to, acknowledge: 'es.a' }, 400, 'acknowledge'],
  ['POST', '/upgrades', { clusterId, to, acknowledge: [1] }, 400, 'acknowledge[0]'],
  ['POST', '/upgrades', { clusterId, to, acknowledge: Array.from({ length: 101 }, () => 'a') }, 400, 'acknowledge'],
  ['POST', '/upgrades', { clusterId, to, clientToken: '' }, 400, 'clientToken'],
  ['POST', '/upgrades', { clusterId, to, clientToken: 'ü' }, 400, 'clientToken'],
  ['POST', '/upgrades', { clusterId, to, clientToken: 'x'.repeat(65) }, 400, 'clientToken'],
  ['POST', '/upgrades', { clusterId, to, force: true }, 400, 'force'],
  ['GET', '/upgrades?limit=0', undefined, 400, 'limit'],
  ['GET', '/upgrades?limit=501', undefined, 400, 'limit'],
  ['GET', '/upgrades?limit=ten', undefined, 400, 'limit'],
  ['GET', '/upgrades?unfinished=maybe', undefined, 400, 'unfinished'],
  ['GET', '/upgrades?before=x', undefined, 400, 'before'],
  ['GET', '/upgrades?clusterId=a%00b', undefined, 400, 'clusterId'],
  ['GET', '/upgrades?clusterId=%ZZ', undefined, 400, 'clusterId'],
  ['GET', `/upgrades/${uuidOf(100)}/events?after=-1`, undefined, 400, 'after'],
  ['GET', `/upgrades/${uuidOf(100)}/events?after=1e99`, undefined, 400, 'after'],
  ['GET', `/upgrades/${uuidOf(100)}/events?limit=1001`, undefined, 400, 'limit'],
  ['GET', `/upgrades/${uuidOf(100)}/events?follow=2`, undefined, 400, 'follow'],
  ['POST', '/keys', { description: ['x'] }, 400, 'description'],
  ['POST', '/keys', { description: 'x\u0000' }, 400, 'description'],
  ['POST', '/keys', { secret: 'mine' }, 400, 'secret'],
  ['POST', '/keys', { policy: 'all' }, 400, 'policy'],
  ['POST', '/keys', { policy: {} }, 400, 'policy.Statement'],
  ['POST', '/keys', { policy: { Statement: [], Version: '2026-01-01' } }, 400, 'policy.Version'],
  ['POST', '/keys', { policy: { Statement: Array.from({ length: 65 }, () => statement) } }, 400, 'policy.Statement'],
  ['POST', '/keys', withPolicy({ Effect: 'Maybe' }), 400, 'policy.Statement[1].Effect'],
  ['POST', '/keys', withPolicy({ Effect: undefined }), 400, 'policy.Statement[1].Effect'],
  ['POST', '/keys', withPolicy({ Action: 'UpdateClusterVersion' }), 400, 'policy.Statement[1].Action'],
  ['POST', '/keys', withPolicy({ Action: [] }), 400, 'policy.Statement[1].Action'],
  ['POST', '/keys', withPolicy({ Action: ['eks:*', 'eks:a b'] }), 400, 'policy.Statement[1].Action[1]'],
  ['POST', '/keys', withPolicy({ Resource: '' }), 400, 'policy.Statement[1].Resource'],
  ['POST', '/keys', withPolicy({ Resource: 'eks:cluster/x' }), 400, 'policy.Statement[1].Resource'],
  ['POST', '/keys', withPolicy({ Resource: 'cluster/${aws:username}' }), 400, 'policy.Statement[1].Resource'],
  ['POST', '/keys', withPolicy({ Resource: undefined, NotResource: '*' }), 400, 'policy.Statement[1].Resource'],
  ['POST', '/keys', withPolicy({ Condition: {} }), 400, 'policy.Statement[1].Condition'],
  ['POST', '/keys', withPolicy({ Principal: '*' }), 400, 'policy.Statement[1].Principal'],
  ['GET', '/releases?engine=redis', undefined, 400, 'engine'],
];

describe('bad input', () => {
  it.each(wrong)('%s %s %j is refused, and names what is wrong', async (method, path, body, status, key) => {
    const asked = await face.ask(method, path, body);
    expect([asked.status, asked.json.error.code, asked.json.error.details]).toEqual([status, 'bad-input', { key }]);
    expect(asked.json.error.says.startsWith(`${key} `)).toBe(true);
  });

  const oddIds = [
    'a%2Fb',
    '%2e%2e%2f',
    '%00',
    'a%00b',
    '%F0%9F%92%A9',
    'a b',
    "'%20or%201=1",
    '%25',
    'x'.repeat(3_000),
    '..%5C',
    '{}',
  ];
  const idPaths: readonly (readonly [string, string, object?])[] = [
    ['GET', '/clusters/ID'],
    ['PATCH', '/clusters/ID', { description: 'x' }],
    ['DELETE', '/clusters/ID'],
    ['POST', '/clusters/ID/restore'],
    ['POST', '/clusters/ID/plans', { to }],
    ['GET', '/plans/ID'],
    ['GET', '/upgrades/ID'],
    ['GET', '/upgrades/ID/events?follow=true'],
    ['POST', '/upgrades/ID/pause'],
    ['DELETE', '/keys/ID'],
  ];
  it.each(idPaths.map((one) => ({ one })))('$one with an odd id is not found', async ({ one: [method, path, body] }) => {
    for (const id of oddIds) {
      const asked = await face.ask(method, path.replace('ID', encodeURI(decodeURI(id))), body);
      expect([id, asked.status]).toEqual([id, 404]);
    }
  });

  it.each(['/clusters/%ZZ', '/clusters/%', '/upgrades/%E0%A4%A/events', `/clusters/${'x'.repeat(5_000)}`])(
    'a path that cannot be looked up is a 4xx in the same form: %s',
    async (url) => {
      const asked = await face.askRaw({ url, headers: { authorization: face.authorization } });
      expect([400, 404, 414]).toContain(asked.status);
      expect(asked.json.error.says).toEqual(expect.any(String));
    },
  );
});

describe('bodies that cannot be read', () => {
  const post = (payload: string | Buffer, type = 'application/json', url = '/upgrades') =>
    face.askRaw({ method: 'POST', url, payload, headers: { authorization: face.authorization, 'content-type': type } });

  it.each(['{', '{"a":}', 'null x', "{'a':1}", '\u0000', '{"__proto__":{"a":1}}', '{"constructor":{"prototype":{}}}', '[1,]'])(
    '%j is no JSON that is read',
    async (text) => {
      const asked = await post(text);
      expect([asked.status, asked.json.error]).toEqual([
        400,
        { code: 'unreadable-body', says: 'The body is not JSON that can be read.' },
      ]);
    },
  );

  it('nesting without end is refused', async () => {
    const asked = await post(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
    expect(asked.status).toBe(400);
    const inside = await post(`{"planId":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`);
    expect(inside.status).toBe(400);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'nonsense', 'application/xml'])(
    '%s is not read',
    async (type) => {
      const asked = await post('a=b', type);
      expect([asked.status, asked.json.error.code]).toEqual([415, 'unsupported-media-type']);
    },
  );

  it('a huge one is not read', async () => {
    const asked = await post(JSON.stringify({ planId: 'x'.repeat(1024 * 1024) }));
    expect([asked.status, asked.json.error.code]).toEqual([413, 'too-large']);
  });
});

describe('paths and methods that are not there', () => {
  it.each(['/', '/nowhere', '/clusters/', '/clusters/a/b', '/upgrades/x/stop', '/Clusters', '/openapi.yaml'])(
    '%s',
    async (url) => {
      const asked = await face.ask('GET', url);
      expect([asked.status, ['no-such-path', 'not-found']]).toEqual([404, expect.arrayContaining([asked.json.error.code])]);
    },
  );

  it.each([
    ['PUT', '/clusters', 'GET, POST'],
    ['DELETE', '/clusters', 'GET, POST'],
    ['POST', `/clusters/${clusterId}`, 'GET, PATCH, DELETE'],
    ['GET', `/upgrades/${uuidOf(100)}/pause`, 'POST'],
    ['POST', '/openapi.json', 'GET'],
  ])('%s %s tells which methods there are', async (method, url, allowed) => {
    const asked = await face.ask(method, url, method === 'GET' ? undefined : {});
    expect([asked.status, asked.json.error.code, asked.headers.allow]).toEqual([405, 'wrong-method', allowed]);
  });
});
