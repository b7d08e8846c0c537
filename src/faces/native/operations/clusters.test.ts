import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClusterSpec, elasticsearchSpec, type KubernetesSpec } from '../../../domain/index.ts';
import { createWorld, type Face, openFace, type World } from '../testing.ts';
import { clusterId, noon, sampleCluster, samplePlan, sampleUpgrade, strangersClusterId, uuidOf } from '../testing-samples.ts';

let world: World;
let face: Face;
beforeEach(async () => {
  world = createWorld();
  face = await openFace(world);
});
afterEach(() => face.fastify.close());

const folders = { conf: '/es/conf', data: '/es/data', logs: '/es/logs' };
const registered = {
  name: 'shop',
  engine: 'elasticsearch',
  clusterName: 'shop',
  nodes: [{ name: 'a', url: 'http://127.0.0.1:9201/', transportPort: 9301, heapMb: 256, folders }],
};
const created = { ...registered, origin: 'created', release: { version: '6.3.2' }, nodes: [{ name: 'a' }] };

describe('clusters', () => {
  it('lists those of the account, flat and without what is nobody’s business', async () => {
    const { json } = await face.ask('GET', '/clusters');
    expect(json).toEqual({
      clusters: [
        {
          id: clusterId,
          name: 'logs',
          description: 'Logs of the shop',
          engine: 'elasticsearch',
          origin: 'registered',
          region: 'local',
          tags: { team: 'search' },
          createdAt: noon,
          updatedAt: noon,
          status: 'active',
          statusReason: null,
          release: { version: '5.6.16', build: null },
          nodes: [
            { name: 'n1', host: 'local', url: 'http://127.0.0.1:9200', zone: 'a', roles: ['master', 'data'] },
            { name: 'n2', host: 'local', url: 'http://127.0.0.1:9201', zone: 'b', roles: ['master', 'data'] },
          ],
          endpoint: null,
          behindBalancer: [],
          upgradeId: null,
          deleteAfter: null,
        },
      ],
    });
  });

  it('shows one, with its unfinished upgrade and what that waits for', async () => {
    world.upgrades.push(sampleUpgrade());
    const running = await face.ask('GET', `/clusters/${clusterId}`);
    expect(running.json).toMatchObject({ status: 'upgrading', statusReason: 'n2 is starting.', upgradeId: uuidOf(100) });
    world.change(uuidOf(100), { status: 'stopped' });
    const stopped = await face.ask('GET', `/clusters/${clusterId}`);
    expect(stopped.json).toMatchObject({ status: 'stopped', statusReason: 'n2 is starting. It joins.' });
  });

  it('says why one could not be created, and when one is removed', async () => {
    world.clusters.set(clusterId, sampleCluster({ provisioning: { state: 'failed', because: 'no room' } }));
    expect((await face.ask('GET', `/clusters/${clusterId}`)).json).toMatchObject({ status: 'failed', statusReason: 'no room' });
    world.clusters.set(clusterId, sampleCluster({ deleteAfter: noon }));
    expect((await face.ask('GET', `/clusters/${clusterId}`)).json).toMatchObject({
      deleteAfter: noon,
      statusReason: `It is removed at ${noon}, unless it is restored before.`,
    });
  });

  it('does not know a cluster of another account, whatever is asked of it', async () => {
    const asks = [
      ['GET', ''],
      ['PATCH', '', { description: 'x' }],
      ['DELETE', ''],
      ['POST', '/restore'],
      ['GET', '/observation'],
      ['GET', '/trials'],
      ['POST', '/plans', { to: { version: '6.3.2' } }],
      ['POST', '/snapshots'],
      ['GET', '/repositories'],
    ] as const;
    const before = world.picture();
    for (const [method, path, body] of asks) {
      const { status, json } = await face.ask(method, `/clusters/${strangersClusterId}${path}`, body);
      expect([method, path, status, json.error.code]).toEqual([method, path, 404, 'not-found']);
      expect(json.error.says).toBe(`No cluster has the id ${strangersClusterId}.`);
    }
    expect(world.picture()).toBe(before);
  });
});

describe('adding a cluster', () => {
  it('registers what exists, with what is usual where nothing is said', async () => {
    const { status, json, headers } = await face.ask('POST', '/clusters', registered);
    expect(status).toBe(201);
    expect(json.cluster).toMatchObject({ name: 'shop', origin: 'registered', status: 'active', region: 'local' });
    expect(json.remarks).toEqual(['A remark of control.']);
    expect(headers.location).toBe(`/api/v1/clusters/${json.cluster.id}`);
    const { spec, secrets } = world.clusters.get(json.cluster.id) ?? sampleCluster();
    expect(secrets).toEqual({});
    expect(spec).toMatchObject({ awarenessAttribute: null, bindAddress: '127.0.0.1', settings: {}, username: null });
    expect(nodesOf({ spec })).toEqual([
      {
        name: 'a',
        host: 'local',
        url: 'http://127.0.0.1:9201',
        httpPort: 9201,
        transportPort: 9301,
        zone: null,
        roles: ['master', 'data', 'ingest'],
        heapMb: 256,
        settingsFileOwner: 'owner',
        folders,
      },
    ]);
    expect((await face.ask('GET', `/clusters/${json.cluster.id}`)).json).toEqual(json.cluster);
  });

  it('takes everything that a description may hold', async () => {
    const { json } = await face.ask('POST', '/clusters', {
      ...registered,
      description: 'a shop',
      region: 'eu-1',
      tags: { a: 'b' },
      settings: { 'indices.a': '10%', 'indices.b': true, 'indices.c': 3 },
      awarenessAttribute: 'zone',
      bindAddress: '10.0.0.1',
      repositoryPath: '/snapshots',
      username: 'elastic',
      password: 'tell nobody',
      hooks: { preStop: ['leave', 'now'] },
      gateAfterFirstMember: true,
      nodes: [
        {
          name: 'a',
          host: 'far',
          url: 'https://es1.example',
          zone: 'z',
          roles: ['data'],
          settingsFileOwner: 'owner',
          folders: { conf: '/etc/es', data: '/data', logs: '/logs' },
        },
      ],
    });
    const cluster = world.clusters.get(json.cluster.id);
    expect(cluster).toMatchObject({ region: 'eu-1', tags: { a: 'b' }, secrets: { password: 'tell nobody' } });
    expect(cluster?.spec).toMatchObject({
      settings: { 'indices.a': '10%', 'indices.b': 'true', 'indices.c': '3' },
      hooks: { preStop: ['leave', 'now'], postStart: null },
      gateAfterFirstMember: true,
      repositoryPath: '/snapshots',
      username: 'elastic',
    });
    expect(nodesOf(cluster)[0]).toMatchObject({ httpPort: 443, transportPort: 0, zone: 'z', settingsFileOwner: 'owner' });
  });

  it('takes heap and folders of a registered node as it has them where nothing is said of them', async () => {
    const nodes = [registered.nodes[0], { name: 'b', url: 'http://127.0.0.1:9202', transportPort: 9302 }];
    const { json } = await face.ask('POST', '/clusters', { ...registered, nodes });
    expect(nodesOf(world.clusters.get(json.cluster.id))[1]).toMatchObject({ name: 'b', heapMb: 0, folders: null });
  });

  it('takes the JVM options that are given for a node, and none where nothing is said of them', async () => {
    const nodes = [
      { ...registered.nodes[0], jvmOptions: ['-Da=b'] },
      { name: 'b', url: 'http://127.0.0.1:9202' },
    ];
    const { json } = await face.ask('POST', '/clusters', { ...registered, nodes });
    expect(nodesOf(world.clusters.get(json.cluster.id)).map((node) => node.jvmOptions)).toEqual([['-Da=b'], undefined]);
  });

  it('creates one, and leaves the ports to be found', async () => {
    const { status, json } = await face.ask('POST', '/clusters', created);
    expect(status).toBe(201);
    expect(json.cluster).toMatchObject({ origin: 'created', status: 'creating', release: { version: '6.3.2', build: null } });
    expect(json.remarks).toEqual([]);
    expect(nodesOf(world.clusters.get(json.cluster.id))[0]).toMatchObject({ url: '', httpPort: 0, transportPort: 0 });
  });

  it('says that a name is taken', async () => {
    const { status, json } = await face.ask('POST', '/clusters', { ...registered, name: 'logs' });
    expect([status, json.error.code]).toEqual([409, 'name-taken']);
  });

  it('says everything for which control refuses one', async () => {
    const because = ['Node a is not in the cluster that answers.', 'nodes: none has the role data.'];
    world.control.registerCluster = async () => ({ kind: 'refused', because });
    const { status, json } = await face.ask('POST', '/clusters', registered);
    expect([status, json.error.code, json.error.says]).toEqual([422, 'refused', because.join(' ')]);
    expect(json.error.details.because).toEqual(because);
  });

  const node = registered.nodes[0];
  it.each([
    ['release', { ...created, release: undefined }],
    ['nodes[0].url', { ...registered, nodes: [{ name: 'a', transportPort: 1 }] }],
    ['nodes[0].url', { ...registered, nodes: [{ ...node, url: 'http://[oops' }] }],
    ['nodes[0].url', { ...registered, nodes: [{ ...node, url: 'http://me:secret@127.0.0.1:9200' }] }],
    [
      'nodes[1].transportPort',
      { ...registered, nodes: [node, { name: 'b', url: 'http://127.0.0.1:9202', settingsFileOwner: 'clusterlift' }] },
    ],
    ['bindAddress', { ...registered, nodes: [{ ...node, url: 'http://10.0.0.5:9200', settingsFileOwner: 'clusterlift' }] }],
    ['password', { ...registered, username: 'elastic' }],
    ['username', { ...registered, password: 'x' }],
  ])('names %s where it is missing or cannot be used', async (key, body) => {
    const { status, json } = await face.ask('POST', '/clusters', body);
    expect([status, json.error.code, json.error.details.key]).toEqual([400, 'bad-input', key]);
    expect(json.error.says).toContain(key);
    expect(world.writes).toEqual([]);
  });
});

describe('changing and removing a cluster', () => {
  it('shows what was changed, and leaves the rest', async () => {
    const { json } = await face.ask('PATCH', `/clusters/${clusterId}`, { description: 'new' });
    expect(json).toMatchObject({ description: 'new', tags: { team: 'search' } });
    expect((await face.ask('PATCH', `/clusters/${clusterId}`, { tags: {} })).json).toMatchObject({
      description: 'new',
      tags: {},
    });
  });

  it('does not become simulated by a tag', async () => {
    const claim = { tags: { 'clusterlift:simulated': 'true' } };
    const refused = await face.ask('PATCH', `/clusters/${clusterId}`, claim);
    expect([refused.status, refused.json.error.code]).toEqual([422, 'refused']);
    expect(refused.json.error.says).toBe(
      'The tag clusterlift:simulated says what a cluster is: it can neither be set nor removed.',
    );
    expect(world.clusters.get(clusterId)?.tags).toEqual({ team: 'search' });
    world.clusters.set(clusterId, sampleCluster(claim));
    expect((await face.ask('PATCH', `/clusters/${clusterId}`, claim)).status).toBe(200);
  });

  it('does not get a tag that its hosts cannot heed, and nothing else of that request', async () => {
    const tags = { team: 'b', 'clusterlift:fail': 'nothing-known' };
    const refused = await face.ask('PATCH', `/clusters/${clusterId}`, { description: 'new', tags });
    expect([refused.status, refused.json.error]).toMatchObject([422, { code: 'refused', says: 'Nobody knows that failure.' }]);
    expect(world.clusters.get(clusterId)).toMatchObject({ description: 'Logs of the shop', tags: { team: 'search' } });
  });

  it('has flags for members of Kubernetes that are started here, and for no others', async () => {
    const flags = { 'kube-apiserver': ['--audit-log-maxage=3'] };
    const refused = await face.ask('PATCH', `/clusters/${clusterId}`, { description: 'new', flags });
    expect([refused.status, refused.json.error.code]).toEqual([422, 'refused']);
    expect((await face.ask('GET', `/clusters/${clusterId}`)).json.description).toBe('Logs of the shop');
    for (const wrong of [{ kubelet: [] }, { node: ['v'] }, {}])
      expect((await face.ask('PATCH', `/clusters/${clusterId}`, { flags: wrong })).status).toBe(400);
    const owned = { 'kube-apiserver': ['--v=4'], etcd: ['--a'] };
    const spec = { kind: 'kubernetes', release: { version: '1.36', build: null }, flags: owned, members: [], nodegroups: [] };
    const change = { origin: 'created', engine: 'kubernetes', spec: spec as unknown as KubernetesSpec } as const;
    world.clusters.set(clusterId, sampleCluster(change));
    expect((await face.ask('PATCH', `/clusters/${clusterId}`, { flags })).status).toBe(200);
    expect(world.clusters.get(clusterId)?.spec).toMatchObject({ flags: { ...flags, etcd: ['--a'] } });
  });

  it('only forgets a registered one, and says so', async () => {
    const { json } = await face.ask('DELETE', `/clusters/${clusterId}?graceMs=5000`);
    expect(json).toEqual({ removed: true, says: 'It was only forgotten: nothing of it is stopped or erased.' });
    expect((await face.ask('GET', `/clusters/${clusterId}`)).status).toBe(404);
  });

  it('erases a created one, at once or after its grace', async () => {
    world.clusters.set(clusterId, sampleCluster({ origin: 'created' }));
    const { json } = await face.ask('DELETE', `/clusters/${clusterId}?graceMs=5000`);
    expect(json.says).toBe('Its nodes are stopped and erased with their data in 5 s, unless it is restored before.');
    expect((await face.ask('GET', `/clusters/${clusterId}`)).json.deleteAfter).toBe('2026-11-24T12:00:05.000Z');
    const restored = await face.ask('POST', `/clusters/${clusterId}/restore`);
    expect(restored.json).toMatchObject({ restored: true, cluster: { id: clusterId, deleteAfter: null } });
    expect((await face.ask('DELETE', `/clusters/${clusterId}`)).json.says).toBe(
      'Its nodes are being stopped and erased with their data.',
    );
  });

  it('keeps one whose upgrade runs, and names the upgrade', async () => {
    world.plans.set(uuidOf(1), samplePlan());
    world.upgrades.push(sampleUpgrade());
    const { status, json } = await face.ask('DELETE', `/clusters/${clusterId}`);
    expect([status, json.error.code, json.error.details]).toEqual([409, 'upgrade-unfinished', { upgradeId: uuidOf(100) }]);
    expect(world.clusters.has(clusterId)).toBe(true);
  });

  it('has nothing to restore where nothing is removed', async () => {
    const { status, json } = await face.ask('POST', `/clusters/${clusterId}/restore`);
    expect([status, json.error.code]).toEqual([409, 'not-now']);
  });
});

function nodesOf(cluster: { readonly spec: ClusterSpec } | undefined) {
  if (cluster === undefined) throw new Error('it is there');
  return elasticsearchSpec(cluster).nodes;
}
