import { expect, onTestFinished, test } from 'vitest';
import { against } from '../testing/against.ts';
import { clusterSample, ids } from '../testing/samples.ts';
import { refusedWith } from '../testing/stub-server.ts';

const logs = clusterSample();
const scratch = clusterSample({
  id: 'es-cn-0000000000000001',
  name: 'scratch',
  origin: 'created',
  status: 'creating',
  tags: {},
  description: '',
});
const listed = { 'GET /clusters': { body: { clusters: [logs, scratch] } } };
const trials = (list: readonly unknown[]) => ({ [`GET /clusters/${ids.cluster}/trials`]: { body: { trials: list } } });
const trial = (member: string, outcome: object) => ({
  key: { clusterId: ids.cluster, member, release: { version: '6.8.23', build: null }, settingsHash: 'h' },
  outcome,
});

const description = `name: logs
engine: elasticsearch
clusterName: logs
nodes:
  - name: n1
    url: http://127.0.0.1:9201
  - name: n2
settings:
  action.auto_create_index: false
  some.version: 1.10
tags: { cost: 12 }
`;

test('list shows every cluster in a row', async () => {
  const { run } = await against(listed, onTestFinished);
  expect(await run('cluster list')).toMatchObject({ code: 0, err: '' });
  expect((await run('cluster list')).out).toMatchInlineSnapshot(`
    "NAME     ID                      STATUS    RELEASE           NODES  ORIGIN      DESCRIPTION
    logs     es-cn-a1b2c3d4e5f6g7h8  active    6.7.0 (ali1.0.2)  2      registered  Logs of the shop
    scratch  es-cn-0000000000000001  creating  6.7.0 (ali1.0.2)  2      created
    "
  `);
});

test('list and show say which cluster is simulated', async () => {
  const simulated = { ...scratch, tags: { 'clusterlift:simulated': 'true' } };
  const answers = { 'GET /clusters': { body: { clusters: [logs, simulated] } } };
  const one = {
    [`GET /clusters/${simulated.id}`]: { body: simulated },
    [`GET /clusters/${simulated.id}/trials`]: { body: { trials: [] } },
  };
  const { run } = await against({ ...answers, ...one }, onTestFinished);
  const lines = (await run('cluster list')).out.split('\n');
  expect(lines.map((line) => line.includes('simulated'))).toEqual([false, false, true, false]);
  expect((await run(`cluster show ${simulated.id}`)).out).toMatch(/origin +created, simulated \(/);
});

test('list says what to do while there is none', async () => {
  const { run } = await against({ 'GET /clusters': { body: { clusters: [] } } }, onTestFinished);
  expect((await run('cluster list')).out).toBe('There are no clusters yet. Add one: clusterlift cluster add FILE\n');
});

test('list gives programs the answer as it is, in JSON and in YAML', async () => {
  const { run } = await against(listed, onTestFinished);
  expect(JSON.parse((await run('cluster list --output json')).out)).toEqual({ clusters: [logs, scratch] });
  expect((await run('--output yaml cluster list')).out).toContain('clusters:\n  - id: es-cn-a1b2c3d4e5f6g7h8\n    name: logs\n');
});

test('show finds a cluster by its name or its id and shows nodes and trial starts', async () => {
  const { run } = await against(
    {
      ...listed,
      ...trials([
        trial('n1', { kind: 'passed', at: '', tookMs: 1, archive: null }),
        trial('n2', { kind: 'refused', at: '', lastLines: ['starting', 'unknown setting [foo.bar]'] }),
      ]),
    },
    onTestFinished,
  );
  const byName = await run('cluster show logs');
  expect(byName).toMatchObject({ code: 0, err: '' });
  expect(byName.out).toMatchInlineSnapshot(`
    "logs
      id           es-cn-a1b2c3d4e5f6g7h8
      description  Logs of the shop
      status       active
      release      6.7.0 (ali1.0.2)
      engine       elasticsearch
      origin       registered (removing it only forgets it)
      region       cn-hangzhou
      tags         team=search
      added        2026-11-24 08:00:00Z

    NODE  ZONE  ROLES         HOST   URL
    n1    a     master, data  local  http://127.0.0.1:9201
    n2    -     data          local  http://127.0.0.1:9202

    TRIAL START OF  AS NODE  STATE
    6.8.23          n1       passed
    6.8.23          n2       refused  unknown setting [foo.bar]
    "
  `);
  expect((await run(`cluster show ${ids.cluster}`)).out).toBe(byName.out);
});

test('show names the endpoint of a cluster, and whom a balancer of the owner must know', async () => {
  const shop = clusterSample({
    ...{ id: 'k8s-0000000000000001', name: 'shop', engine: 'kubernetes', endpoint: 'https://lb.example:6443' },
    behindBalancer: [
      { name: 'apiserver-1', at: '127.77.3.11:6443' },
      { name: 'apiserver-surge', at: '127.77.3.19:6443' },
    ],
  });
  const { run } = await against(
    { 'GET /clusters': { body: { clusters: [shop] } }, [`GET /clusters/${shop.id}/trials`]: { body: { trials: [] } } },
    onTestFinished,
  );
  const ran = await run('cluster show shop');
  expect(ran.out).toContain('  endpoint     https://lb.example:6443\n');
  expect(ran.out).toContain('  behind it    127.77.3.11:6443 (apiserver-1), 127.77.3.19:6443 (apiserver-surge)\n');
});

test('a name that no cluster has is told with the names that there are', async () => {
  const { run } = await against(listed, onTestFinished);
  const ran = await run('cluster show lgos');
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toBe('Error: There is no cluster lgos.\nThere is logs, scratch.\n');
});

test('a name that several clusters have is told with their ids, and an id names one', async () => {
  const other = clusterSample({ id: 'k8s-0000000000000001', engine: 'kubernetes', region: 'eu-1' });
  const { run } = await against({ 'GET /clusters': { body: { clusters: [logs, other] } }, ...trials([]) }, onTestFinished);
  const ran = await run('cluster show logs');
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toBe(
    `Error: There are 2 clusters logs.\nName one by its id: ${ids.cluster} (elasticsearch, cn-hangzhou), k8s-0000000000000001 (kubernetes, eu-1).\n`,
  );
  expect((await run(`cluster show ${ids.cluster}`)).code).toBe(0);
});

test('what comes from elsewhere cannot steer the terminal', async () => {
  const evil = clusterSample({ description: 'red \u001b[31m and \u0007 bell\nnext line' });
  const { run } = await against({ 'GET /clusters': { body: { clusters: [evil] } } }, onTestFinished);
  expect((await run('cluster list')).out).toContain('red  [31m and   bell next line\n');
});

test('add sends the description as it stands, with settings and tags as texts', async () => {
  const { run, server } = await against(
    { 'POST /clusters': { status: 201, body: { cluster: logs, remarks: ['heapMb was not given for n1.'] } } },
    onTestFinished,
  );
  const ran = await run('cluster add logs.yaml', { files: { 'logs.yaml': description } });
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatchInlineSnapshot(`
    "Cluster logs (es-cn-a1b2c3d4e5f6g7h8) is registered; it runs 6.7.0 (ali1.0.2).
    Note: heapMb was not given for n1.
    "
  `);
  expect(server.requests[0]?.body).toEqual({
    name: 'logs',
    engine: 'elasticsearch',
    clusterName: 'logs',
    nodes: [{ name: 'n1', url: 'http://127.0.0.1:9201' }, { name: 'n2' }],
    settings: { 'action.auto_create_index': 'false', 'some.version': '1.10' },
    tags: { cost: '12' },
  });
});

test('add reads JSON from standard input and says that a created cluster is being made', async () => {
  const { run, server } = await against(
    { 'POST /clusters': { status: 201, body: { cluster: scratch, remarks: [] } } },
    onTestFinished,
  );
  const ran = await run('cluster add -', { input: '{"name":"scratch","origin":"created"}' });
  expect(ran.out).toMatchInlineSnapshot(`
    "Cluster scratch (es-cn-0000000000000001) is being made with 6.7.0 (ali1.0.2). See how far it is: clusterlift cluster show scratch
    "
  `);
  expect(server.requests[0]?.body).toEqual({ name: 'scratch', origin: 'created' });
});

test('add takes the password of the cluster from the environment and never shows it', async () => {
  const { run, server } = await against(
    { 'POST /clusters': { status: 201, body: { cluster: logs, remarks: [] } } },
    onTestFinished,
  );
  const ran = await run('cluster add logs.yaml', {
    files: { 'logs.yaml': `${description}username: lifter\n` },
    env: { CLUSTERLIFT_CLUSTER_PASSWORD: 'pass-of-the-cluster' },
  });
  expect(server.requests[0]?.body).toMatchObject({ username: 'lifter', password: 'pass-of-the-cluster' });
  expect(ran.out + ran.err).not.toContain('pass-of-the-cluster');
});

test('add sends the activation code and the text of a kubeconfig, which are not part of the description', async () => {
  const barn = clusterSample({ name: 'barn', engine: 'kubernetes' });
  const { run, server } = await against(
    { 'POST /clusters': { status: 201, body: { cluster: barn, remarks: [] } } },
    onTestFinished,
  );
  const files = { 'barn.yaml': 'name: barn\nengine: kubernetes\n', 'admin.conf': 'kind: Config\n' };
  const ran = await run('cluster add barn.yaml --kubeconfig admin.conf --activation a-code', { files });
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(server.requests[0]?.body).toEqual({
    name: 'barn',
    engine: 'kubernetes',
    activationCode: 'a-code',
    credentials: { kubeconfig: 'kind: Config\n' },
  });
  expect(ran.out).not.toContain('a-code');
  const missing = await run('cluster add barn.yaml --kubeconfig nowhere.conf', { files });
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('nowhere.conf cannot be read: ENOENT') });
  expect(server.requests).toHaveLength(1);
});

test('kubeconfig is printed line by line, as kubectl reads it', async () => {
  const text = 'kind: Config\nclusters:\n  - name: "a\u001b[31m"\n';
  const { run } = await against(
    { ...listed, [`GET /clusters/${ids.cluster}/kubeconfig`]: { body: { kubeconfig: text } } },
    onTestFinished,
  );
  const ran = await run('cluster kubeconfig logs');
  expect(ran).toMatchObject({ code: 0, err: '', out: 'kind: Config\nclusters:\n  - name: "a [31m"\n' });
});

test('the help of add has descriptions of both engines that can be read', async () => {
  const { run } = await against({}, onTestFinished);
  const { out } = await run('cluster add --help');
  for (const word of ['engine: elasticsearch', 'engine: kubernetes', '--activation', '--kubeconfig']) expect(out).toContain(word);
});

test('add names the key that is wrong, and its line', async () => {
  const { run } = await against(
    {
      'POST /clusters': refusedWith(400, 'bad-input', 'nodes[1].url is needed: where does the node answer?', {
        details: { key: 'nodes[1].url' },
      }),
    },
    onTestFinished,
  );
  const ran = await run('cluster add logs.yaml', { files: { 'logs.yaml': description } });
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toBe('Error: logs.yaml, line 7: nodes[1].url is needed: where does the node answer?\n');
});

test('add lists each reason of a server that refuses, once', async () => {
  const because = ['Host far is not configured.', 'Node n1 does not answer.'];
  const { run } = await against(
    { 'POST /clusters': refusedWith(422, 'refused', because.join(' '), { details: { because } }) },
    onTestFinished,
  );
  const ran = await run('cluster add logs.yaml', { files: { 'logs.yaml': description } });
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toBe('Error: The server refuses it:\n  Host far is not configured.\n  Node n1 does not answer.\n');
});

test.each([
  ['a file that is not there', 'nowhere.yaml', 'nowhere.yaml cannot be read: ENOENT'],
  ['a file that is not YAML', 'broken.yaml', 'broken.yaml cannot be read: '],
  ['a file that is a list', 'list.yaml', 'list.yaml is not the description of a cluster.'],
  ['an empty file', 'empty.yaml', 'empty.yaml is not the description of a cluster.'],
])('add refuses %s before it asks anybody', async (_, path, says) => {
  const { run, server } = await against({}, onTestFinished);
  const files = { 'broken.yaml': 'nodes: [', 'list.yaml': '- a', 'empty.yaml': '' };
  const ran = await run(`cluster add ${path}`, { files });
  expect(ran.code).toBe(2);
  expect(ran.err).toContain(`Error: ${says}`);
  expect(server.requests).toEqual([]);
});

const removed = (says: string) => ({ body: { removed: true, says } });

test('remove forgets a registered cluster without asking, and says that nothing is erased', async () => {
  const { run, server } = await against(
    { ...listed, [`DELETE /clusters/${ids.cluster}`]: removed('It was only forgotten: nothing of it is stopped or erased.') },
    onTestFinished,
  );
  expect(await run('cluster remove logs')).toMatchObject({
    code: 0,
    out: 'It was only forgotten: nothing of it is stopped or erased.\n',
    err: '',
  });
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /clusters',
    `DELETE /clusters/${ids.cluster}`,
  ]);
});

test('remove erases a created cluster only when a person types its name', async () => {
  const { run, server } = await against(
    { ...listed, [`DELETE /clusters/${scratch.id}`]: removed('Its nodes are being stopped and erased with their data.') },
    onTestFinished,
  );
  const refused = await run('cluster remove scratch', { types: 'y' });
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toMatchInlineSnapshot(`
    "Cluster scratch was created here: its 2 nodes would be stopped and all its data erased.
    Type its name to go on: Error: Nothing was removed.
    "
  `);
  expect(server.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  expect(await run('cluster remove scratch', { types: 'scratch' })).toMatchObject({
    code: 0,
    out: 'Its nodes are being stopped and erased with their data.\n',
  });
  expect(server.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
});

test('remove needs --yes for a created cluster where there is no terminal', async () => {
  const { run, server } = await against(
    { ...listed, [`DELETE /clusters/${scratch.id}`]: removed('Its nodes are being stopped and erased with their data.') },
    onTestFinished,
  );
  const refused = await run('cluster remove scratch');
  expect(refused.code).toBe(2);
  expect(refused.err).toMatchInlineSnapshot(`
    "Error: Cluster scratch was created here: its 2 nodes would be stopped and all its data erased.
    There is no terminal to ask at; say so with --yes.
    "
  `);
  expect(server.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  expect((await run('cluster remove scratch --yes')).code).toBe(0);
});

test('remove names the unfinished upgrade that keeps a cluster', async () => {
  const { run } = await against(
    {
      ...listed,
      [`DELETE /clusters/${ids.cluster}`]: refusedWith(
        409,
        'upgrade-unfinished',
        'The cluster has an upgrade that has not ended.',
        {
          remedy: 'Let it end, or cancel it.',
          details: { upgradeId: ids.upgrade },
        },
      ),
    },
    onTestFinished,
  );
  const ran = await run('cluster remove logs');
  expect(ran.code).toBe(1);
  expect(ran.err).toBe(
    `Error: The cluster has an upgrade that has not ended.\nLet it end, or cancel it. See it: clusterlift upgrade show ${ids.upgrade}\n`,
  );
});

test('snapshot says where it is, or that it goes on', async () => {
  const path = `POST /clusters/${ids.cluster}/snapshots`;
  const { run, server } = await against(
    {
      ...listed,
      [path]: [
        { status: 201, body: { repository: 'backup', snapshot: 's-1', state: 'SUCCESS' } },
        { status: 202, body: { says: 'The snapshot goes on.' } },
      ],
    },
    onTestFinished,
  );
  expect(await run('cluster snapshot logs')).toMatchObject({ code: 0, out: 'Snapshot s-1 in repository backup: SUCCESS.\n' });
  expect(await run('cluster snapshot logs --repository backup')).toMatchObject({ code: 0, out: 'The snapshot goes on.\n' });
  expect(server.requests.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
    {},
    { repository: 'backup' },
  ]);
});

test('list says more with --output wide', async () => {
  const body = { clusters: [clusterSample(), clusterSample({ name: 'shop', status: 'failed', statusReason: 'No room.' })] };
  const { run } = await against({ 'GET /clusters': { body } }, onTestFinished);
  expect((await run('cluster list --output wide')).out).toMatchInlineSnapshot(`
    "NAME  ID                      STATUS  RELEASE           NODES  ORIGIN      ENGINE         REGION       ZONES  ADDED                 UPGRADE  WHY       DESCRIPTION
    logs  es-cn-a1b2c3d4e5f6g7h8  active  6.7.0 (ali1.0.2)  2      registered  elasticsearch  cn-hangzhou  a      2026-11-24 08:00:00Z  -        -         Logs of the shop
    shop  es-cn-a1b2c3d4e5f6g7h8  failed  6.7.0 (ali1.0.2)  2      registered  elasticsearch  cn-hangzhou  a      2026-11-24 08:00:00Z  -        No room.  Logs of the shop
    "
  `);
});

const exported = {
  format: 'clusterlift-observation',
  version: 1,
  name: 'logs',
  takenAt: '2026-11-24T12:00:00.000Z',
  seen: { a: 1 },
};
const exporting = () => ({
  'GET /clusters': { body: { clusters: [clusterSample()] } },
  [`GET /clusters/${ids.cluster}/observation/export`]: { body: exported },
});

test('export writes what was seen to a file, whole, and says to read it', async () => {
  const written: Record<string, string> = {};
  const { run } = await against(exporting(), onTestFinished);
  const ran = await run('cluster export logs --file logs.json', { onWrite: (file, text) => (written[file] = text) });
  expect(ran).toMatchObject({ code: 0, out: '', err: 'What was seen of logs is in logs.json. Read it before you hand it on.\n' });
  expect(JSON.parse(written['logs.json'] ?? '')).toEqual(exported);
});

test('export without a file prints the same, without names where that is asked for', async () => {
  const { run, server } = await against(exporting(), onTestFinished);
  const ran = await run('cluster export logs --anonymous');
  expect([ran.code, JSON.parse(ran.out)]).toEqual([0, exported]);
  expect(server.requests.at(-1)?.path).toMatch(/export\?anonymous=true$/);
});
