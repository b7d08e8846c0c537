/** The ends of checks about members, etcd and nodes. */
import { aHop, aWorld, backward, memberOf, patch, withEtcd, worldCluster, young } from '../testing-world.ts';
import { type Ends, etcdFull, every, noCatalog, node, nodes, unknown } from './testing-facts.ts';

export const endsOfMembers: Readonly<Record<string, Ends>> = {
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
  'k8s.members-can-be-started': {
    passed: {},
    found: {
      change: { context: { cluster: { ...worldCluster(aWorld()), origin: 'registered' } } },
      subjects: ['hazard cluster'],
    },
    notApplicable: null,
    couldNotRun: null,
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
};
