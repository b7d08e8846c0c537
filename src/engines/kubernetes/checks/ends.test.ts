import { describe, expect, it } from 'vitest';
import type { MemberTrial, SeenKubernetes } from '../../../domain/index.ts';
import { aHop, backward, catalog, forward, memberOf, old, patch, type World, withEtcd, young } from '../testing-world.ts';
import { checks } from './index.ts';
import { ask, type Change, subjectsOf } from './testing.ts';

/** How each check comes to each of its ends. An end that it cannot have is null. */
interface Ends {
  readonly passed: Change;
  readonly found: { readonly change: Change; readonly subjects: readonly string[] };
  readonly notApplicable: Change | null;
  readonly couldNotRun: Change | null;
}

const nodes = aHop(old, young, { nodegroup: 'blue' });
const unknown = (...unknowns: readonly string[]): Change => ({ observation: { unknowns } });
const noCatalog = { context: { catalog: { ...catalog, releases: [] } } };
const every = (change: (world: World) => void) => ({ world: change });
const pod = { namespace: 'app', name: 'db-1', uid: 'u', owned: true };
const node = (change: Partial<SeenKubernetes['nodes'][number]>) => ({
  name: 'blue-1',
  uid: 'u',
  kubeletVersion: '1.36.3',
  ready: true,
  unschedulable: false,
  cordonedByUs: false,
  nodegroup: 'blue',
  pressures: [],
  pods: [],
  ...change,
});
const budget = { namespace: 'app', name: 'db', disruptionsAllowed: 0, expectedPods: 2, currentHealthy: 2, desiredHealthy: 2 };
const webhook = { configuration: 'c', webhook: 'w.example.com', target: 'app/hook', unreachable: true, resources: ['pods'] };
const apiserver = (change: Partial<SeenKubernetes['apiservers'][number]>) => ({
  name: 'apiserver-1',
  version: '1.36.3',
  emulated: '1.36',
  ready: true,
  notReady: [],
  deprecated: [],
  storageVersions: {},
  ...change,
});
const request = { group: 'networking.k8s.io', version: 'v1beta1', resource: 'ipaddresses', subresource: '' };
const trial = (member: string, outcome: MemberTrial['outcome']): MemberTrial => ({
  key: { clusterId: 'c', member, release: young, settingsHash: '' },
  outcome,
});
const tried = ['apiserver-1', 'apiserver-2', 'controller-manager-1', 'controller-manager-2', 'scheduler-1', 'scheduler-2'];
const etcdFull = (world: World) => memberOf(world, 'etcd-1').alarms.push('NOSPACE');

const ends: Readonly<Record<string, Ends>> = {
  'k8s.path': {
    passed: { hop: backward },
    found: { change: { hop: aHop({ version: '1.35', build: 'eks.4' }, young) }, subjects: ['hazard path'] },
    notApplicable: null,
    couldNotRun: null,
  },
  'k8s.control-plane-healthy': {
    passed: {},
    found: {
      change: {
        ...every((world) => {
          memberOf(world, 'apiserver-2').process = 'stopped';
          memberOf(world, 'scheduler-2').readyAtMs = Number.POSITIVE_INFINITY;
        }),
        seen: { frontDoorAnswers: false },
      },
      subjects: ['hazard member apiserver-2', 'hazard member scheduler-2', 'hazard member front-door'],
    },
    notApplicable: null,
    couldNotRun: null,
  },
  'k8s.etcd-healthy': {
    passed: {},
    found: { change: every((world) => (memberOf(world, 'etcd-2').process = 'stopped')), subjects: ['hazard member etcd-2'] },
    notApplicable: { spec: { members: [] } },
    couldNotRun: null,
  },
  'k8s.etcd-has-no-alarm': {
    passed: {},
    found: { change: every(etcdFull), subjects: ['hazard member etcd-1'] },
    notApplicable: { spec: { members: [] } },
    couldNotRun: { seen: { etcd: [] } },
  },
  'k8s.etcd-has-room': {
    passed: {},
    found: {
      change: {
        seen: {
          etcd: [0.79, 0.8].map((share, index) => ({
            name: `etcd-${index + 1}`,
            memberId: 'a',
            version: '3.6.16',
            leader: index === 0,
            healthy: true,
            dbSizeBytes: share * 1_000,
            quotaBytes: 1_000,
            raftIndex: 1,
            alarms: [],
          })),
        },
      },
      subjects: ['policy member etcd-2'],
    },
    notApplicable: { hop: nodes },
    couldNotRun: { seen: { etcd: [] } },
  },
  'k8s.etcd-version-fits': {
    passed: { hop: withEtcd },
    found: {
      change: { hop: withEtcd, world: (world) => (memberOf(world, 'etcd-3').release = { version: '3.5.25', build: null }) },
      subjects: ['hazard member etcd-3'],
    },
    notApplicable: { hop: backward },
    couldNotRun: noCatalog,
  },
  'k8s.etcd-keeps-serving': {
    passed: { hop: withEtcd },
    found: { change: { hop: withEtcd, etcd: 1 }, subjects: ['policy member etcd-1'] },
    notApplicable: { hop: patch },
    couldNotRun: noCatalog,
  },
  'k8s.nodes-within-skew': {
    passed: { seen: { nodes: [node({ kubeletVersion: '1.34.4' })] } },
    found: {
      change: {
        seen: {
          nodes: [
            node({ kubeletVersion: '1.33.5' }),
            node({ name: 'blue-2', kubeletVersion: '1.38.0' }),
            node({ name: 'blue-3' }),
          ],
        },
      },
      subjects: ['hazard node blue-1', 'hazard node blue-2'],
    },
    notApplicable: { hop: backward },
    couldNotRun: { ...unknown('nodes: HTTP 500'), seen: { nodes: [] } },
  },
  'k8s.nodes-not-newer': {
    passed: { hop: backward, seen: { nodes: [node({ kubeletVersion: '1.36.3' })] } },
    found: { change: { hop: backward, seen: { nodes: [node({ kubeletVersion: '1.37.2' })] } }, subjects: ['hazard node blue-1'] },
    notApplicable: {},
    couldNotRun: { hop: backward, ...unknown('nodes: HTTP 500'), seen: { nodes: [] } },
  },
  'k8s.nodes-ready': {
    passed: {},
    found: {
      change: { seen: { nodes: [node({ ready: false }), node({ name: 'blue-2', pressures: ['MemoryPressure'] })] } },
      subjects: ['policy node blue-1', 'policy node blue-2'],
    },
    notApplicable: null,
    couldNotRun: { ...unknown('nodes: HTTP 500'), seen: { nodes: [] } },
  },
  'k8s.nobody-cordoned': {
    passed: { seen: { nodes: [node({ unschedulable: true, cordonedByUs: true })] } },
    found: { change: { seen: { nodes: [node({ unschedulable: true })] } }, subjects: ['policy node blue-1'] },
    notApplicable: null,
    couldNotRun: { ...unknown('nodes: HTTP 500'), seen: { nodes: [] } },
  },
  'k8s.leftovers': {
    passed: {},
    found: {
      change: {
        ...every((world) => {
          memberOf(world, 'apiserver-surge').process = 'running';
          memberOf(world, 'blue-2').cordoned = 'ours';
          memberOf(world, 'apiserver-1').emulate = '1.35';
        }),
      },
      subjects: ['told policy member apiserver-surge', 'told policy node blue-2', 'told policy member apiserver-1'],
    },
    notApplicable: null,
    couldNotRun: unknown('nodes: HTTP 500'),
  },
  'k8s.no-removed-api-in-use': {
    passed: { seen: { apiservers: [apiserver({ deprecated: [{ ...request, removedRelease: '' }] })] } },
    found: {
      change: {
        seen: {
          apiservers: [
            apiserver({ deprecated: [{ ...request, removedRelease: '1.37' }] }),
            apiserver({ name: 'apiserver-2', deprecated: [{ ...request, version: 'v1', removedRelease: '1.38' }] }),
          ],
        },
      },
      subjects: ['policy api networking.k8s.io/v1beta1/ipaddresses', 'told policy api networking.k8s.io/v1/ipaddresses'],
    },
    notApplicable: { hop: backward },
    couldNotRun: unknown('deprecated requests apiserver-2: HTTP 500'),
  },
  'k8s.flags-are-known': {
    passed: { spec: { flags: { 'kube-apiserver': ['--audit-log-maxage=3', '--feature-gates=Known=true'] } } },
    found: {
      change: {
        spec: {
          flags: {
            'kube-apiserver': ['--feature-gates=Known=true,APIServerTracing=true'],
            'kube-controller-manager': ['--concurrent-service-syncs=3'],
          },
        },
      },
      subjects: ['hazard feature gate APIServerTracing', 'hazard flag concurrent-service-syncs'],
    },
    notApplicable: { hop: patch },
    couldNotRun: noCatalog,
  },
  'k8s.trial-passed': {
    passed: {},
    found: {
      change: {
        trials: [
          ...tried.slice(2).map((member) => trial(member, { kind: 'off' })),
          trial('apiserver-1', { kind: 'refused', at: '', lastLines: ['unknown flag'] }),
        ],
      },
      subjects: ['hazard member apiserver-1', 'told policy member apiserver-2'],
    },
    notApplicable: { trials: tried.map((member) => trial(member, { kind: 'off' })) },
    couldNotRun: {
      trials: tried.map((member) => trial(member, { kind: 'could-not-run', at: '', because: 'no memory' })),
    },
  },
  'k8s.webhooks-answer': {
    passed: { seen: { failingClosedWebhooks: [{ ...webhook, unreachable: false }] } },
    found: {
      change: { seen: { failingClosedWebhooks: [webhook, { ...webhook, webhook: 'x', resources: ['widgets'] }] } },
      subjects: ['hazard webhook w.example.com', 'policy webhook x'],
    },
    notApplicable: null,
    couldNotRun: unknown('webhooks: HTTP 500'),
  },
  'k8s.api-services-available': {
    passed: {},
    found: {
      change: { seen: { unavailableApiServices: [{ name: 'v1.metrics', says: 'ServiceNotFound' }] } },
      subjects: ['policy api service v1.metrics'],
    },
    notApplicable: null,
    couldNotRun: unknown('API services: HTTP 500'),
  },
  'k8s.custom-resources-served': {
    passed: {},
    found: {
      change: { seen: { customResources: [{ name: 'widgets.x', storedVersions: ['v1alpha1', 'v1'], servedVersions: ['v1'] }] } },
      subjects: ['policy custom resource widgets.x'],
    },
    notApplicable: { hop: nodes },
    couldNotRun: unknown('custom resources: HTTP 500'),
  },
  'k8s.add-ons-fit': {
    passed: { seen: { addons: [{ name: 'coredns', kind: 'Deployment', version: 'v1.12.1' }] } },
    found: {
      change: { seen: { addons: [{ name: 'coredns', kind: 'Deployment', version: 'v1.9.3' }] } },
      subjects: ['policy add-on coredns'],
    },
    notApplicable: { hop: patch },
    couldNotRun: unknown('add-ons: HTTP 500'),
  },
  'k8s.certificates-last': {
    passed: { seen: { certificateNotAfter: '2026-02-01T00:00:00.000Z' } },
    found: { change: { seen: { certificateNotAfter: '2026-01-30T00:00:00.000Z' } }, subjects: ['policy certificate'] },
    notApplicable: null,
    couldNotRun: { seen: { certificateNotAfter: null } },
  },
  'k8s.room-for-surge': {
    passed: {},
    found: {
      change: {
        observation: {
          hosts: { local: { kind: 'seen', javas: [], freeMemoryBytes: 511 * 2 ** 20, prefetched: [], generation: 0 } },
        },
      },
      subjects: ['policy host local'],
    },
    notApplicable: { spec: { members: [] } },
    couldNotRun: { observation: { hosts: {} } },
  },
  'k8s.disruption-budgets-allow': {
    passed: { hop: nodes },
    found: {
      change: {
        hop: nodes,
        seen: {
          disruptionBudgets: [budget, { ...budget, name: 'other', disruptionsAllowed: 1 }],
          nodes: [
            node({
              pods: [
                { ...pod, budgets: ['db'] },
                { ...pod, name: 'db-2', budgets: ['db', 'other'] },
                { ...pod, name: 'db-3', budgets: ['other'] },
              ],
            }),
            node({ name: 'green-1', pods: [{ ...pod, name: 'db-4', budgets: ['db'] }] }),
          ],
        },
      },
      subjects: ['policy pod app/db-1', 'policy pod app/db-2'],
    },
    notApplicable: {},
    couldNotRun: { hop: nodes, ...unknown('disruption budgets: HTTP 500') },
  },
  'k8s.pods-come-back': {
    passed: { hop: nodes },
    found: {
      change: { hop: nodes, seen: { nodes: [node({ pods: [pod, { ...pod, name: 'bare', owned: false }] })] } },
      subjects: ['policy pod app/bare'],
    },
    notApplicable: {},
    couldNotRun: { hop: nodes, ...unknown('pods: HTTP 500') },
  },
  'k8s.rollback-within-seven-days': {
    passed: { hop: backward },
    found: {
      change: {
        hop: backward,
        context: { history: [{ from: old, to: young, status: 'done', endedAt: '2025-12-24T23:59:59.000Z' }] },
      },
      subjects: ['policy cluster'],
    },
    notApplicable: {},
    couldNotRun: null,
  },
  'k8s.not-below-first-version': {
    passed: { hop: backward, spec: { firstVersion: '1.36' } },
    found: { change: { hop: backward, spec: { firstVersion: '1.37' } }, subjects: ['hazard cluster'] },
    notApplicable: {},
    couldNotRun: null,
  },
  'k8s.rollback-hides-nothing': {
    passed: { hop: backward },
    found: {
      change: {
        hop: backward,
        seen: {
          newerObjects: [
            { api: 'x/v1/widgets', names: ['a'] },
            { api: 'x/v1/none', names: [] },
          ],
        },
      },
      subjects: ['policy api x/v1/widgets'],
    },
    notApplicable: {},
    couldNotRun: { hop: backward, ...unknown('objects of newer APIs: HTTP 500') },
  },
};

describe('every check', () => {
  it('is asked here, by an id that is a dotted sentence, each once', () => {
    expect(checks.map(({ id }) => id).sort()).toEqual(Object.keys(ends).sort());
    for (const { id } of checks) expect(id).toMatch(/^k8s\.[a-z]+(-[a-z]+)*$/);
    for (const { asks } of checks) expect(asks).toMatch(/\?$/);
  });

  it.each(Object.entries(ends))('%s passes', (id, { passed }) => {
    expect(subjectsOf(ask(id, passed))).toBe('passed');
  });

  it.each(Object.entries(ends))('%s finds what it is about, and names it', (id, { found }) => {
    const result = ask(id, found.change);
    expect(subjectsOf(result)).toEqual(found.subjects);
    for (const { says, remedy } of result.kind === 'found' ? result.findings : [])
      expect([says, remedy].every((text) => text.endsWith('.'))).toBe(true);
  });

  it.each(Object.entries(ends).filter(([, { notApplicable }]) => notApplicable !== null))(
    '%s says where it does not apply',
    (id, { notApplicable }) => {
      expect(subjectsOf(ask(id, notApplicable ?? {}))).toBe('not-applicable');
    },
  );

  it.each(Object.entries(ends).filter(([, { couldNotRun }]) => couldNotRun !== null))(
    '%s says when it could not be asked',
    (id, { couldNotRun }) => {
      expect(subjectsOf(ask(id, couldNotRun ?? {}))).toBe('could-not-run');
    },
  );
});

describe('more of what checks tell', () => {
  it('names nodes that would be newer than what an apiserver behaves as', () => {
    const emulating = (world: World) => (memberOf(world, 'apiserver-2').emulate = '1.36');
    expect(subjectsOf(ask('k8s.nodes-within-skew', { hop: nodes, world: emulating }))).toEqual(['hazard member apiserver-2']);
    expect(subjectsOf(ask('k8s.nodes-within-skew', { hop: nodes }))).toBe('passed');
  });

  it('lets a kubelet before 1.25 be two minors behind only', () => {
    const hop = aHop({ version: '1.26', build: null }, { version: '1.27', build: null });
    expect(subjectsOf(ask('k8s.nodes-within-skew', { hop, seen: { nodes: [node({ kubeletVersion: '1.24.0' })] } }))).toEqual([
      'hazard node blue-1',
    ]);
    expect(subjectsOf(ask('k8s.nodes-within-skew', { hop, seen: { nodes: [node({ kubeletVersion: '1.25.0' })] } }))).toBe(
      'passed',
    );
  });

  it('finds a certificate that has run out unsafe', () => {
    const seen = { certificateNotAfter: '2026-01-01T00:00:00.000Z' };
    expect(subjectsOf(ask('k8s.certificates-last', { seen }))).toEqual(['hazard certificate']);
  });

  it('takes two etcd members for unsafe, and asks nothing where none is lifted', () => {
    expect(subjectsOf(ask('k8s.etcd-keeps-serving', { hop: withEtcd, etcd: 2 }))).toEqual(['hazard etcd']);
    expect(subjectsOf(ask('k8s.etcd-keeps-serving', { hop: forward, etcd: 1 }))).toBe('passed');
  });

  it('finds members that run neither end of the hop', () => {
    const world = (current: World) => (memberOf(current, 'scheduler-2').release = { version: '1.34', build: 'eks.4' });
    expect(subjectsOf(ask('k8s.control-plane-healthy', { world }))).toEqual(['hazard member scheduler-2']);
  });

  it('finds a way back that no upgrade has opened', () => {
    expect(subjectsOf(ask('k8s.rollback-within-seven-days', { hop: backward, context: { history: [] } }))).toEqual([
      'policy cluster',
    ]);
  });
});
