/** Answers of the native API, as a test needs them. */
import type { Cluster, Finding, Plan, Upgrade, UpgradeEvent } from '../api/wire.ts';

export const ids = {
  cluster: 'es-cn-a1b2c3d4e5f6g7h8',
  plan: '0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51',
  upgrade: '5f6f0f0a-2f5b-4d7e-8a4c-0a5b8f8f2b10',
} as const;

const stock = (version: string) => ({ version, build: null });

export function clusterSample(change: Partial<Cluster> = {}): Cluster {
  return {
    id: ids.cluster,
    name: 'logs',
    description: 'Logs of the shop',
    engine: 'elasticsearch',
    origin: 'registered',
    region: 'cn-hangzhou',
    tags: { team: 'search' },
    createdAt: '2026-11-24T08:00:00.000Z',
    updatedAt: '2026-11-24T08:00:00.000Z',
    status: 'active',
    statusReason: null,
    release: { version: '6.7.0', build: 'ali1.0.2' },
    nodes: [
      { name: 'n1', host: 'local', url: 'http://127.0.0.1:9201', zone: 'a', roles: ['master', 'data'] },
      { name: 'n2', host: 'local', url: 'http://127.0.0.1:9202', zone: null, roles: ['data'] },
    ],
    upgradeId: null,
    deleteAfter: null,
    ...change,
  };
}

export const findings = {
  hazard: {
    check: 'es.index-versions',
    kind: 'hazard',
    hop: 1,
    subject: 'index old-1',
    says: 'It was created in 5.5.3; 7.17.29 opens indices of 6 and newer.',
    evidence: ['index.version.created 5050399'],
    remedy: 'Reindex it before that hop.',
  },
  policy: {
    check: 'es.snapshot-is-recent',
    kind: 'policy',
    hop: 0,
    subject: 'cluster',
    says: 'There is no finished snapshot.',
    evidence: [],
    remedy: 'Take a snapshot now.',
  },
  trial: {
    check: 'es.trial-start-passed',
    kind: 'policy',
    hop: 0,
    subject: 'node n1',
    says: 'The trial start of n1 at 6.8.23 has not finished.',
    evidence: [],
    remedy: 'Ask again in a minute.',
    loopWaits: true,
  },
} as const satisfies Record<string, Finding>;

export const couldNotRun = {
  check: 'es.no-snapshot-runs',
  asks: 'Is no snapshot being taken?',
  hop: 0,
  result: { kind: 'could-not-run', because: 'the repository backup does not answer' },
} as const;

export function planSample(change: Partial<Plan> = {}): Plan {
  return {
    id: ids.plan,
    clusterId: ids.cluster,
    from: stock('6.7.0'),
    to: stock('7.17.29'),
    hops: [
      {
        hop: { from: stock('6.7.0'), to: stock('6.8.23'), mode: 'rolling', requires: [] },
        waves: [['n2'], ['n1']],
        estimateSeconds: 20,
        oneWayDoors: [],
      },
      {
        hop: { from: stock('6.8.23'), to: stock('7.17.29'), mode: 'rolling', requires: ['no index of 5.x'] },
        waves: [['n2', 'n3'], ['n1']],
        estimateSeconds: 65,
        oneWayDoors: ['No node can go back to 6.8.23. That is passed when n1 is taken.'],
      },
    ],
    reports: [
      { check: 'es.every-index-has-a-replica', asks: 'Has every index a replica?', hop: 0, result: { kind: 'passed' } },
      { check: 'es.java-fits', asks: 'Does Java fit?', hop: 1, result: { kind: 'not-applicable', because: 'it brings its own' } },
    ],
    findings: [],
    touches: ['n1, n2, n3 are stopped and started at 6.8.23, a wave at a time.'],
    estimateSeconds: 85,
    gateAfterFirstMember: false,
    ...change,
  };
}

export function upgradeSample(change: Partial<Upgrade> = {}): Upgrade {
  return {
    id: ids.upgrade,
    clusterId: ids.cluster,
    planId: ids.plan,
    from: stock('6.7.0'),
    to: stock('7.17.29'),
    status: 'running',
    intent: 'go',
    generation: 1,
    reason: null,
    hop: 0,
    hops: 2,
    inHand: [],
    recorded: [],
    acknowledged: [],
    startedBy: 'LTAItestkey',
    createdAt: '2026-11-24T09:00:00.000Z',
    updatedAt: '2026-11-24T09:00:30.000Z',
    endedAt: null,
    ...change,
  };
}

export const doneUpgrade = upgradeSample({ status: 'done', hop: 1, endedAt: '2026-11-24T09:03:12.000Z' });

export const stopReason = {
  code: 'es.member-does-not-start',
  subject: 'n2',
  says: 'n2 does not start at 6.8.23.',
  clearedBy: 'Mend its settings, then resume.',
  evidence: ['unknown setting [foo.bar]'],
} as const;

export function eventSample(seq: number, change: Partial<UpgradeEvent> = {}): UpgradeEvent {
  return {
    seq,
    at: `2026-11-24T09:00:${String(seq).padStart(2, '0')}.000Z`,
    kind: 'acting',
    generation: 1,
    move: 'lift-member',
    members: ['n2'],
    says: 'n2 is stopped and started at 6.8.23.',
    reason: null,
    actor: null,
    ...change,
  };
}

export const events = {
  started: eventSample(1, { kind: 'started', move: null, members: [], says: 'The upgrade has started.', actor: 'LTAItestkey' }),
  acting: eventSample(2),
  waiting: eventSample(3, {
    kind: 'waiting',
    move: null,
    members: [],
    says: '2 shards are initializing.',
    reason: {
      code: 'es.shards-initializing',
      subject: 'orders/3',
      says: '2 shards are initializing.',
      clearedBy: 'They finish by themselves.',
    },
  }),
  stopped: eventSample(4, {
    kind: 'stopped',
    move: null,
    members: [],
    says: stopReason.says,
    reason: { ...stopReason, evidence: [...stopReason.evidence] },
  }),
  done: eventSample(5, { kind: 'done', move: null, members: [], says: 'Every member runs 7.17.29.' }),
} as const;
