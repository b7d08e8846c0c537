import { Type } from 'typebox';
import { ClusterId, Instant, named, oneOf, orNull, Release, ref, Says } from './common.ts';

export const Role = oneOf(['master', 'data', 'ingest']);

const ClusterNode = Type.Object({
  name: Type.String(),
  host: Type.String({ description: 'Key of the host that runs it; `local` is the server’s own machine.' }),
  url: Type.String({ description: 'Its address; empty until it has one.' }),
  zone: orNull(Type.String()),
  roles: Type.Array(Type.String({ description: 'Of Elasticsearch its roles, of Kubernetes its component.' })),
});

export const Cluster = named(
  'Cluster',
  Type.Object(
    {
      id: ClusterId,
      name: Type.String(),
      description: Type.String(),
      engine: oneOf(['elasticsearch', 'kubernetes']),
      origin: oneOf(['created', 'registered'], 'A registered cluster belongs to its owner: removing it only forgets it.'),
      region: Type.String(),
      tags: Type.Record(Type.String(), Type.String()),
      createdAt: Instant,
      updatedAt: Instant,
      status: oneOf(['awaited', 'creating', 'active', 'upgrading', 'paused', 'gated', 'stopped', 'failed', 'deleting']),
      statusReason: orNull(Type.String({ description: 'Why it is so, where there is something to say.' })),
      release: ref(Release),
      nodes: Type.Array(ClusterNode),
      endpoint: orNull(Type.String({ description: 'Of Kubernetes: where clients reach it.' })),
      behindBalancer: Type.Array(Type.Object({ name: Type.String(), at: Type.String() }), {
        description:
          'Of a created Kubernetes cluster whose endpoint is a balancer of its owner: the apiservers that it must know.',
      }),
      upgradeId: orNull(Type.String({ description: 'Its unfinished upgrade.' })),
      deleteAfter: orNull(Type.String({ description: 'It is removed then, unless it is restored before.' })),
    },
    { description: 'A cluster under our care, from what is stored. Its secrets and settings are never part of an answer.' },
  ),
);

export const Kubeconfig = Type.Object({
  kubeconfig: Type.String({ description: 'YAML. It holds the key of an administrator: keep it as you would keep a password.' }),
});

export const ClusterList = Type.Object({ clusters: Type.Array(ref(Cluster)) });
export const ClusterAnswer = Type.Object({ cluster: ref(Cluster) });
export const NewClusterAnswer = Type.Object({
  cluster: ref(Cluster),
  remarks: Type.Array(Type.String({ description: 'What is worth knowing, such as what could not be found out.' })),
});
export const RemovedAnswer = Type.Object({ removed: Type.Literal(true), says: Says });
export const RestoredAnswer = Type.Object({ restored: Type.Literal(true), cluster: ref(Cluster) });

const Count = Type.Integer({ minimum: 0 });

const SeenMember = Type.Object({
  name: Type.String(),
  process: Type.Object({
    state: oneOf(['running', 'launching', 'stopped', 'absent', 'unknown']),
    pid: orNull(Type.Integer()),
    startedAt: orNull(Type.String()),
    exitCode: orNull(Type.Integer()),
    lastLines: Type.Array(Type.String({ description: 'What it wrote last, of one that has stopped.' })),
    because: orNull(Type.String({ description: 'Why its state is not known.' })),
  }),
  release: orNull(ref(Release)),
  joined: Type.Boolean({ description: 'It is in the cluster.' }),
});

const SeenHost = Type.Object({
  key: Type.String(),
  reachable: Type.Boolean(),
  because: orNull(Type.String()),
  javas: Type.Array(Type.Integer()),
  freeMemoryBytes: orNull(Type.Number()),
  prefetched: Type.Array(Type.String()),
});

export const Observation = named(
  'Observation',
  Type.Object(
    {
      clusterId: ClusterId,
      at: Instant,
      reachable: Type.Boolean(),
      because: orNull(Type.String({ description: 'Why the cluster’s own account of itself is missing.' })),
      health: orNull(
        Type.Object({
          status: oneOf(['green', 'yellow', 'red']),
          numberOfNodes: Count,
          initializing: Count,
          relocating: Count,
          unassigned: Count,
          delayedUnassigned: Count,
          pendingTasks: Count,
        }),
      ),
      master: orNull(Type.String({ description: 'Name of the elected master.' })),
      members: Type.Array(SeenMember),
      hosts: Type.Array(SeenHost),
      unknowns: Type.Array(Type.String({ description: 'What could not be found out.' })),
    },
    { description: 'One fresh look at a cluster and its hosts.' },
  ),
);

const at = { at: Instant };
export const TrialOutcome = Type.Union([
  Type.Object({ kind: Type.Literal('pending') }),
  Type.Object({ kind: Type.Literal('running'), since: Instant }),
  Type.Object({ kind: Type.Literal('passed'), ...at, tookMs: Type.Number(), archive: orNull(Type.String()) }),
  Type.Object({ kind: Type.Literal('refused'), ...at, lastLines: Type.Array(Type.String()) }),
  Type.Object({ kind: Type.Literal('could-not-run'), ...at, because: Type.String() }),
  Type.Object({ kind: Type.Literal('off') }),
]);

export const MemberTrial = named(
  'MemberTrial',
  Type.Object(
    {
      key: Type.Object({ clusterId: ClusterId, member: Type.String(), release: ref(Release), settingsHash: Type.String() }),
      outcome: TrialOutcome,
    },
    { description: 'The next release started with a member’s real settings on scratch data, before anything is touched.' },
  ),
);
export const TrialList = Type.Object({ trials: Type.Array(ref(MemberTrial)) });

export const RepositoryList = Type.Object({
  repositories: Type.Array(Type.Object({ name: Type.String(), type: Type.String() })),
});
export const Snapshot = Type.Object({ repository: Type.String(), snapshot: Type.String(), state: Type.String() });
export const SnapshotGoesOn = Type.Object({ says: Says });
