import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createCertificates } from '../../../certificates/index.ts';
import type { RegisterRequest } from '../../../control/index.ts';
import type { Identity } from '../../../domain/index.ts';
import { createWorld, type Face, openFace, type World } from '../testing.ts';
import { sampleCluster, sampleKubernetes } from '../testing-samples.ts';

const [from, until] = ['2026-01-01T00:00:00.000Z', '2036-01-01T00:00:00.000Z'];
const maker = createCertificates();
let authority: Identity;
let client: Identity;
let other: Identity;
beforeAll(async () => {
  authority = await maker.authority('ca', from, until);
  const request = { commonName: 'a', organizations: [], dnsNames: [], ipAddresses: [], use: 'client' } as const;
  client = await maker.issue(authority, { ...request, notBefore: from, notAfter: until });
  other = await maker.issue(authority, { ...request, notBefore: from, notAfter: until });
});

let world: World;
let face: Face;
beforeEach(async () => {
  world = createWorld();
  face = await openFace(world);
});
afterEach(() => face.fastify.close());

const made = { name: 'shop', engine: 'kubernetes', origin: 'created', release: { version: '1.36', build: 'eks.1' } };
const member = { name: 'apiserver-1', component: 'kube-apiserver', address: '10.0.0.1' };
const barn = { name: 'barn', engine: 'kubernetes', members: [member], endpoint: 'https://10.0.0.9:6443/' };
const base64 = (text: string) => Buffer.from(text).toString('base64');

async function added(body: object) {
  const { status, json } = await face.ask('POST', '/clusters', body);
  expect([status, json.error]).toEqual([201, undefined]);
  return { json, cluster: world.clusters.get(json.cluster.id) ?? sampleCluster() };
}

describe('a Kubernetes cluster that is to be made', () => {
  it('has what is usual where nothing is said', async () => {
    const { json, cluster } = await added(made);
    expect(json.cluster).toMatchObject({ name: 'shop', engine: 'kubernetes', origin: 'created', status: 'creating' });
    expect(cluster.spec).toEqual(sampleKubernetes({ release: { version: '1.36', build: 'eks.1' } }));
    expect(cluster.secrets).toEqual({});
  });

  it('takes everything that may be said of it', async () => {
    const said = { serviceCidr: '10.5.0.0/16', flags: { 'kube-apiserver': ['--v=4'] }, gateAfterFirstMember: true };
    const body = { ...made, ...said, description: 'a shop', region: 'eu-1', tags: { a: 'b' }, apiservers: 3, etcdMembers: 3 };
    const { cluster } = await added({ ...body, controllers: 1, soakSeconds: 5, drainTimeoutSeconds: 60 });
    const counts = { apiservers: 3, etcd: 3, controllers: 1 };
    const release = { version: '1.36', build: 'eks.1' };
    expect(cluster.spec).toEqual(sampleKubernetes({ release, ...said, ...counts, soakMs: 5_000, drainTimeoutMs: 60_000 }));
    expect(cluster).toMatchObject({ description: 'a shop', region: 'eu-1', tags: { a: 'b' } });
  });

  it('may have a balancer of its owner, and shows whom that must know', async () => {
    const { json, cluster } = await added({ ...made, endpoint: 'https://lb.example:6443/' });
    expect(cluster.spec).toMatchObject({ endpoint: 'https://lb.example:6443' });
    const behind = [1, 2].map((index) => ({ name: `kube-apiserver-${index}`, at: ':0' }));
    expect(json.cluster).toMatchObject({ endpoint: 'https://lb.example:6443', behindBalancer: behind, statusReason: null });
    world.clusters.set(cluster.id, { ...cluster, provisioning: { state: 'creating', says: 'The balancer is awaited.' } });
    const waiting = await face.ask('GET', `/clusters/${cluster.id}`);
    expect(waiting.json).toMatchObject({ status: 'creating', statusReason: 'The balancer is awaited.' });
    const { json: usual } = await added({ ...made, name: 'other' });
    expect(usual.cluster).toMatchObject({ behindBalancer: [] });
    const theirs = await added({ ...barn, credentials: { certificateAuthority: authority.certificate, token: 'abc' } });
    expect(theirs.json.cluster).toMatchObject({ endpoint: 'https://10.0.0.9:6443', behindBalancer: [] });
  });

  it('is made at the usual build of its version where none is named', async () => {
    const release = { version: '1.36', defaultBuild: 'eks.3', builds: [] };
    Object.assign(world.control, { catalogOf: () => ({ engine: 'kubernetes', releases: [release], edges: [] }) });
    const { cluster } = await added({ ...made, release: { version: '1.36' } });
    expect(cluster.spec.release).toEqual({ version: '1.36', build: 'eks.3' });
  });
});

describe('a Kubernetes cluster that exists', () => {
  it('is registered with a token, its members at their usual ports', async () => {
    const members = [member, { name: 'scheduler-1', component: 'kube-scheduler', host: 'far', address: 'a.example', port: 7 }];
    const credentials = { certificateAuthority: authority.certificate, token: 'abc' };
    const { json, cluster } = await added({ ...barn, members, credentials });
    expect(json.cluster).toMatchObject({ name: 'barn', origin: 'registered', status: 'active' });
    const usual = { surge: false, nodegroup: null };
    expect(cluster.spec).toMatchObject({
      endpoint: 'https://10.0.0.9:6443',
      authenticationUrl: null,
      nodegroups: [],
      members: [
        { ...member, host: 'local', port: 6443, ...usual },
        { ...members[1], ...usual },
      ],
    });
    expect(cluster.secrets).toEqual({ 'ca.crt': authority.certificate, 'kubeconfig-token': 'abc' });
    expect(JSON.stringify(json)).not.toContain('abc');
  });

  it('is registered with a client certificate', async () => {
    const credentials = {
      certificateAuthority: authority.certificate,
      clientCertificate: client.certificate,
      clientKey: client.key,
    };
    const { cluster } = await added({ ...barn, credentials });
    const secrets = { 'ca.crt': authority.certificate, 'admin.crt': client.certificate, 'admin.key': client.key };
    expect(cluster.secrets).toEqual(secrets);
  });

  it('is registered with a kubeconfig, whose server is its endpoint where none is given', async () => {
    const { endpoint: _, ...body } = barn;
    const { cluster } = await added({ ...body, credentials: { kubeconfig: kubeconfig() } });
    expect(cluster.spec).toMatchObject({ endpoint: 'https://10.0.0.7:6443' });
    const secrets = { 'ca.crt': authority.certificate, 'admin.crt': client.certificate, 'admin.key': client.key };
    expect(cluster.secrets).toEqual(secrets);
  });

  it('is handed over with its activation code, which is not kept in the description', async () => {
    const asked: RegisterRequest[] = [];
    const { registerCluster } = world.control;
    Object.assign(world.control, {
      registerCluster: async (...[caller, { activationCode, ...request }]: Parameters<typeof registerCluster>) => {
        asked.push({ ...request, ...(activationCode === undefined ? {} : { activationCode }) });
        return registerCluster(caller, request);
      },
    });
    const credentials = { certificateAuthority: authority.certificate, token: 'abc' };
    await added({ ...barn, credentials, activationCode: 'a-code' });
    await added({ ...barn, name: 'byre', credentials });
    expect(asked.map(({ name, activationCode }) => [name, activationCode])).toEqual([
      ['barn', 'a-code'],
      ['byre', undefined],
    ]);
    expect(JSON.stringify(asked.map(({ spec }) => spec))).not.toContain('a-code');
  });
});

const user = () => ({ 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) });
const there = () => ({ server: 'https://10.0.0.7:6443', 'certificate-authority-data': base64(authority.certificate) });

function kubeconfig(change: { cluster?: object; user?: object; context?: object; top?: object } = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'b',
    contexts: [
      { name: 'a', context: { cluster: 'nowhere', user: 'nobody' } },
      { name: 'b', context: { cluster: 'c', user: 'u', namespace: 'x', ...change.context } },
    ],
    clusters: [{ name: 'c', cluster: { ...there(), ...change.cluster } }],
    users: [{ name: 'u', user: change.user ?? user() }],
    ...change.top,
  });
}

describe('what a registered cluster is to be looked at with', () => {
  const certificates = () => ({ certificateAuthority: authority.certificate, clientCertificate: client.certificate });
  const wrong: readonly [string, () => object, string, RegExp][] = [
    ['no authority', () => ({ token: 'x' }), 'certificateAuthority', /must have the certificate of the authority/],
    [
      'an authority that is none',
      () => ({ certificateAuthority: '-----BEGIN CERTIFICATE-----\nx', token: 'x' }),
      'certificateAuthority',
      /has no certificate/,
    ],
    [
      'neither token nor certificate',
      () => ({ certificateAuthority: authority.certificate }),
      'token',
      /must be given, or a client/,
    ],
    [
      'both',
      () => ({ ...certificates(), clientKey: client.key, token: 'x' }),
      'token',
      /is not for who shows a client certificate/,
    ],
    ['no key', certificates, 'clientKey', /must have the key/],
    ['the key of another certificate', () => ({ ...certificates(), clientKey: other.key }), 'clientKey', /must have the key/],
    [
      'a key alone',
      () => ({ certificateAuthority: authority.certificate, clientKey: client.key }),
      'clientCertificate',
      /must have/,
    ],
    ['a kubeconfig and more', () => ({ kubeconfig: kubeconfig(), token: 'x' }), 'token', /is not for who gives a kubeconfig/],
    ['a kubeconfig that is none', () => ({ kubeconfig: 'kind: Config' }), 'kubeconfig', /cannot be read as a kubeconfig/],
    [
      'a kubeconfig without its context',
      () => ({ kubeconfig: kubeconfig({ top: { 'current-context': 'c' } }) }),
      'kubeconfig',
      /does not have the cluster and the user/,
    ],
    [
      'a kubeconfig that names a file',
      () => ({ kubeconfig: kubeconfig({ user: { 'client-key': '/etc/kubernetes/key' } }) }),
      'kubeconfig',
      /\(client-key\).*--flatten --raw/,
    ],
    [
      'a kubeconfig that names a command',
      () => ({ kubeconfig: kubeconfig({ user: { exec: { command: 'aws' } } }) }),
      'kubeconfig',
      /\(exec\)/,
    ],
    [
      'a kubeconfig without an authority',
      () => ({ kubeconfig: kubeconfig({ cluster: { 'certificate-authority-data': undefined } }) }),
      'kubeconfig',
      /certificate of the authority/,
    ],
    ['a kubeconfig that refers to itself', () => ({ kubeconfig: 'a: &a [*a, *a]' }), 'kubeconfig', /cannot be read/],
  ];
  it.each(wrong)('is not %s', async (_, credentials, key, says) => {
    const { status, json } = await face.ask('POST', '/clusters', { ...barn, credentials: credentials() });
    expect([status, json.error.code, json.error.details]).toEqual([400, 'bad-input', { key: `credentials.${key}` }]);
    expect(json.error.says).toMatch(says);
    expect(json.error.says).not.toContain('PRIVATE KEY');
    expect(world.writes).toEqual([]);
  });

  it('needs an address that its clients reach it at', async () => {
    const { endpoint: _, ...body } = barn;
    const server = { server: 'http://10.0.0.7' };
    for (const credentials of [
      { certificateAuthority: authority.certificate, token: 'x' },
      { kubeconfig: kubeconfig({ cluster: server }) },
    ]) {
      const { status, json } = await face.ask('POST', '/clusters', { ...body, credentials });
      expect([status, json.error.details]).toEqual([400, { key: 'endpoint' }]);
    }
  });
});
