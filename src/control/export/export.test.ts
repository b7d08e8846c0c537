import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster, ElasticsearchSpec, Observation, SeenElasticsearch } from '../../domain/index.ts';
import { sampleExported } from '../../faces/native/testing-exported.ts';
import { exportedFrom } from './index.ts';

const sample = sampleExported();
if (sample.engine !== 'elasticsearch') throw new Error('the sample is one of Elasticsearch');
const { spec, seen, members, hosts } = sample;
const [first] = seen.nodes;
if (first === undefined) throw new Error('the sample has nodes');

interface Change {
  readonly spec?: Partial<ElasticsearchSpec>;
  readonly seen?: Partial<SeenElasticsearch>;
  readonly observation?: Partial<Observation<SeenElasticsearch>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

function exported(change: Change, anonymous = false) {
  const cluster: Cluster = {
    ...{ id: 'es-cn-x', engine: 'elasticsearch', origin: 'registered', name: 'shop', description: 'ours', account: '1' },
    ...{ region: 'local', tags: { owner: 'me' }, createdAt: '', updatedAt: '', deleteAfter: null },
    provisioning: { state: 'ready' },
    spec: { ...spec, ...change.spec },
    secrets: change.secrets ?? {},
  };
  const observation: Observation<SeenElasticsearch> = {
    ...{ at: '2026-01-01T12:00:00.000Z', members, hosts, unknowns: [] },
    cluster: { kind: 'seen', seen: { ...seen, ...change.seen } },
    ...change.observation,
  };
  return exportedFrom(cluster, observation, anonymous);
}

/** Chosen so that nothing else in the document has it by chance, and that it is no word. */
const secrets = fc.stringMatching(/^Zq[A-Za-z0-9!$%^*()_+~.-]{6,30}Xw$/);
const names = fc.constantFrom(
  'xpack.notification.email.account.work.smtp.password',
  's3.client.default.secret_key',
  's3.client.default.access_key',
  'azure.client.default.account.key',
  'xpack.security.transport.ssl.keystore.path',
  'xpack.http.ssl.secure_key_passphrase',
  'node.attr.api-token',
  'reindex.credentials',
  'index.lifecycle.authorization',
);
const told = fc.constantFrom<(secret: string) => string>(
  (secret) => `http://elastic:${encodeURIComponent(secret)}@10.0.0.1:9200/x`,
  (secret) => `https://${encodeURIComponent(secret)}@proxy/ and http://b:9200`,
  (secret) => `Authorization: Bearer ${secret.replaceAll(/[^A-Za-z0-9]/g, '-')}`,
  (secret) => `failed with password=${secret}, then again`,
  (secret) => `{"api_key": "${secret}"}`,
  (secret) => `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
  (secret) => `https://bucket/?sig=1&access_token=${encodeURIComponent(secret)}`,
);
const places: Readonly<Record<string, (text: string) => Change>> = {
  'settings of the description': (text) => ({ spec: { settings: { 'proxy.url': text } } }),
  'a hook': (text) => ({ spec: { hooks: { preStop: ['curl', text], postStart: ['echo', text] } } }),
  'the user name': (text) => ({ spec: { username: text } }),
  'settings of the cluster': (text) => ({ seen: { persistentSettings: { a: text }, transientSettings: { b: text } } }),
  'settings of a node': (text) => ({ seen: { nodes: [{ ...first, settings: { a: text } }] } }),
  'arguments of a node': (text) => ({ seen: { nodes: [{ ...first, jvmInputArguments: [`-Dproxy=${text}`, text] }] } }),
  'settings of an index': (text) => ({ seen: { indices: seen.indices.map((one) => ({ ...one, settings: { a: text } })) } }),
  'a template': (text) => ({ seen: { templates: [{ name: 't', settings: { a: text }, mappingTypes: [] }] } }),
  'a deprecation': (text) => ({
    seen: { deprecations: { known: true, value: [{ level: 'warning', message: text, subject: 'cluster' }] } },
  }),
  'why something is not known': (text) => ({ seen: { repositories: { known: false, because: text, absent: false } } }),
  'an unknown': (text) => ({ observation: { unknowns: [`node n1: ${text}`] } }),
  'a host that is away': (text) => ({ observation: { hosts: { far: { kind: 'unreachable', because: text } } } }),
  'last lines': (text) => ({
    observation: {
      members: [
        {
          ...{ name: 'n1', running: null, joined: null },
          process: { state: 'stopped', release: null, exitCode: 1, lastLines: [text] },
        },
      ],
    },
  }),
  'where it answered': (text) => ({ seen: { answeredAt: text } }),
  'the address of a node': (text) => ({ spec: { nodes: spec.nodes.map((node) => ({ ...node, url: text })) } }),
};

describe('an exported observation', () => {
  it.each(Object.entries(places))('tells no secret that is written like one in %s', (_, place) => {
    fc.assert(
      fc.property(secrets, told, fc.boolean(), (secret, tell, anonymous) => {
        const text = JSON.stringify(exported(place(tell(secret)), anonymous));
        for (const form of [secret, encodeURIComponent(secret), secret.replaceAll(/[^A-Za-z0-9]/g, '-')])
          expect(text).not.toContain(form);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['settings of the cluster', 'settings of a node', 'settings of an index', 'settings of the description'])(
    'tells no value of a setting with a name that looks like a secret in %s',
    (where) => {
      fc.assert(
        fc.property(names, secrets, fc.boolean(), (name, secret, anonymous) => {
          const change = JSON.parse(
            JSON.stringify(places[where]?.('HERE')).replaceAll(/"(?:a|b|proxy\.url)":"HERE"/g, () => `"${name}":"HERE"`),
          ) as Change;
          const planted = JSON.parse(JSON.stringify(change).replaceAll('HERE', () => secret)) as Change;
          const text = JSON.stringify(exported(planted, anonymous));
          expect(text).not.toContain(secret);
          expect(JSON.stringify(planted)).toContain(secret);
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each(Object.entries(places))('tells no secret of the cluster that is known in %s, whatever it looks like', (_, place) => {
    fc.assert(
      fc.property(
        secrets,
        fc.constantFrom(
          (one: string) => one,
          encodeURIComponent,
          (one: string) => Buffer.from(one).toString('base64'),
          (one: string) => `it was ${one}.`,
        ),
        (secret, form) => {
          const text = JSON.stringify(exported({ ...place(form(secret)), secrets: { password: secret } }));
          expect(text).not.toContain(secret);
          expect(text).not.toContain(form(secret));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps names, versions, ids and the settings that a rehearsal goes by', () => {
    const settings = {
      'cluster.routing.allocation.enable': 'primaries',
      'cluster.routing.allocation.exclude._name': 'n1,n2',
      'index.unassigned.node_left.delayed_timeout': '1m',
    };
    const made = exported({ seen: { persistentSettings: settings } });
    expect(made).toMatchObject({ name: 'shop', seen: { persistentSettings: settings, clusterUuid: 'uuid-of-shop' } });
    expect(made.seen).toEqual({ ...seen, persistentSettings: settings });
    expect(made.members).toEqual(members);
  });

  it('scrubs a value that looks random, and no name that is merely long', () => {
    const made = exported({
      seen: {
        persistentSettings: {
          'x.y': 'k3J9sLq0ZtR7vBn2Wm8Yd5',
          'x.z': 'a-long-name-of-a-node-in-eu-central-1',
          'x.w': `${'ab12'.repeat(10)}`,
        },
      },
    });
    expect(made).toMatchObject({
      seen: { persistentSettings: { 'x.y': '(scrubbed)', 'x.z': 'a-long-name-of-a-node-in-eu-central-1', 'x.w': '(scrubbed)' } },
    });
  });

  it('takes the value of a flag that is an argument of its own', () => {
    const nodes = [
      { ...first, jvmInputArguments: ['--password', 'hunter2', '-Xmx1g', '-Des.pass.phrase=a', '-Dtoken=b', '-Da=c'] },
    ];
    const made = exported({ seen: { nodes } });
    expect(made).toMatchObject({
      seen: {
        nodes: [
          { jvmInputArguments: ['--password', '(scrubbed)', '-Xmx1g', '-Des.pass.phrase=a', '-Dtoken=(scrubbed)', '-Da=c'] },
        ],
      },
    });
  });
});

describe('an exported observation without names', () => {
  const own = ['berlin-es-', 'Kundenkartei', 'payroll-2026', '.kibana_7', 'rack-nine', 'nightly-store', 'weekly-snap'];
  const change: Change = {
    spec: {
      clusterName: 'Kundenkartei',
      nodes: spec.nodes.map((node, at) => ({
        ...node,
        name: `berlin-es-${at}`,
        zone: 'rack-nine',
        host: `berlin-es-host-${at}`,
        folders: { conf: null, data: '/data/Kundenkartei', logs: '/l' },
      })),
      settings: { 'cluster.initial_master_nodes': 'berlin-es-0,berlin-es-1', 'path.repo': '/mnt/Kundenkartei' },
    },
    seen: {
      clusterName: 'Kundenkartei',
      nodes: seen.nodes.map((node, at) => ({
        ...node,
        name: `berlin-es-${at}`,
        zone: 'rack-nine',
        settings: {
          'node.name': `berlin-es-${at}`,
          'node.attr.zone': 'rack-nine',
          'path.data': '/data/Kundenkartei',
          'http.port': '9200',
        },
        jvmInputArguments: ['-Xms1g', '-XX:+UseG1GC', '-XX:HeapDumpPath=/dumps/Kundenkartei', '-Des.path.home=/opt/Kundenkartei'],
      })),
      indices: ['payroll-2026', '.kibana_7'].map((name) => ({
        ...(seen.indices[0] as (typeof seen.indices)[number]),
        name,
        uuid: `u-${name}`,
      })),
      shards: ['payroll-2026', '.kibana_7'].map((index) => ({ ...(seen.shards[0] as (typeof seen.shards)[number]), index })),
      persistentSettings: {
        'cluster.routing.allocation.exclude._name': 'berlin-es-1',
        'cluster.remote.Kundenkartei.seeds': 'berlin-es-0:9300',
        'cluster.routing.allocation.enable': 'all',
      },
      snapshots: {
        known: true,
        value: [{ repository: 'nightly-store', name: 'weekly-snap', state: 'SUCCESS', endedAtMs: 1, includesGlobalState: true }],
      },
      repositories: { known: true, value: ['nightly-store'] },
      deprecations: {
        known: true,
        value: [{ level: 'critical', message: 'payroll-2026 is old', subject: 'index payroll-2026' }],
      },
    },
    observation: {
      members: members.map((member, at) => ({ ...member, name: `berlin-es-${at}` })),
      unknowns: ['node berlin-es-0: berlin-es-0.intern does not answer', 'snapshots of repository nightly-store: HTTP 500'],
    },
  };

  it('names nothing by its own name, each thing by the same wherever it stands', () => {
    const made = exported(change, true);
    const text = JSON.stringify(made);
    expect(own.filter((name) => text.includes(name))).toEqual([]);
    expect(made).toMatchObject({
      name: 'cluster-1',
      spec: {
        nodes: [{ name: 'node-1', zone: 'zone-1' }, { name: 'node-2' }],
        settings: { 'cluster.initial_master_nodes': 'node-1,node-2', 'path.repo': '(left out)' },
      },
      seen: {
        nodes: [{ name: 'node-1', settings: { 'node.name': 'node-1', 'http.port': '9200' } }, { name: 'node-2' }],
        indices: [{ name: 'index-1' }, { name: '.index-1' }],
        shards: [{ index: 'index-1' }, { index: '.index-1' }],
        persistentSettings: {
          'cluster.routing.allocation.exclude._name': 'node-2',
          'cluster.remote.name-1.seeds': '(left out)',
          'cluster.routing.allocation.enable': 'all',
        },
        deprecations: { value: [{ message: '(left out)', subject: 'index index-1' }] },
      },
      members: [{ name: 'node-1' }, { name: 'node-2' }],
      unknowns: ['node node-1: (left out)', 'snapshots of repository repository-1: (left out)'],
    });
    if (made.engine !== 'elasticsearch') throw new Error('it is one of Elasticsearch');
    expect(made.seen.nodes[0]?.jvmInputArguments).toEqual([
      ...['-Xms1g', '-XX:+UseG1GC', '-XX:HeapDumpPath=(left out)', '-Des.path.home=(left out)'],
    ]);
    expect(made.seen.masterNodeId).toBe(made.seen.nodes[0]?.nodeId);
    expect(made.members[0]?.joined?.nodeId).toBe(made.seen.nodes[0]?.nodeId);
  });
});
