/**
 * What the command line reads of the native API's answers, and no more: an answer may hold anything beside it, so that an
 * older command line still understands a newer server.
 */
import { type Static, type TSchema, Type } from 'typebox';

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const strings = Type.Array(Type.String());

const Release = Type.Object({ version: Type.String(), build: orNull(Type.String()) });
export type Release = Static<typeof Release>;

export const ErrorAnswer = Type.Object({
  error: Type.Object({
    code: Type.String(),
    says: Type.String(),
    remedy: Type.Optional(orNull(Type.String())),
    details: Type.Optional(Type.Unknown()),
  }),
});

export const Cluster = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  engine: Type.String(),
  origin: Type.String(),
  region: Type.String(),
  tags: Type.Record(Type.String(), Type.String()),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  status: Type.String(),
  statusReason: orNull(Type.String()),
  release: Release,
  nodes: Type.Array(
    Type.Object({
      name: Type.String(),
      host: Type.String(),
      url: Type.String(),
      zone: orNull(Type.String()),
      roles: strings,
    }),
  ),
  endpoint: Type.Optional(orNull(Type.String())),
  behindBalancer: Type.Optional(Type.Array(Type.Object({ name: Type.String(), at: Type.String() }))),
  upgradeId: orNull(Type.String()),
  deleteAfter: orNull(Type.String()),
});
export type Cluster = Static<typeof Cluster>;
export const Clusters = Type.Object({ clusters: Type.Array(Cluster) });
export const KubeconfigAnswer = Type.Object({ kubeconfig: Type.String() });
export const RemovedCluster = Type.Object({ removed: Type.Boolean(), says: Type.String() });
export const AddedCluster = Type.Object({ cluster: Cluster, remarks: strings });

/** A snapshot that takes long goes on behind; then there is only a sentence. */
export const TakenSnapshot = Type.Union([
  Type.Object({ repository: Type.String(), snapshot: Type.String(), state: Type.String() }),
  Type.Object({ says: Type.String() }),
]);

export const Trials = Type.Object({
  trials: Type.Array(
    Type.Object({
      key: Type.Object({ member: Type.String(), release: Release }),
      outcome: Type.Object({
        kind: Type.String(),
        because: Type.Optional(Type.String()),
        lastLines: Type.Optional(strings),
      }),
    }),
  ),
});
export type Trials = Static<typeof Trials>;

export const Releases = Type.Object({
  engine: Type.String(),
  releases: Type.Array(
    Type.Object({
      version: Type.String(),
      java: orNull(Type.Object({ min: Type.Number(), max: Type.Number() })),
      builds: strings,
      /** Where there are dates of support. */
      releasedAt: Type.Optional(orNull(Type.String())),
      endOfStandardSupport: Type.Optional(orNull(Type.String())),
      endOfExtendedSupport: Type.Optional(orNull(Type.String())),
    }),
  ),
  edges: Type.Array(
    Type.Object({ from: Type.String(), to: Type.String(), mode: Type.String(), requires: strings, oneWayDoors: strings }),
  ),
});
export type Releases = Static<typeof Releases>;

const Finding = Type.Object({
  check: Type.String(),
  kind: Type.String(),
  hop: Type.Number(),
  subject: Type.String(),
  says: Type.String(),
  evidence: strings,
  remedy: Type.String(),
  loopWaits: Type.Optional(Type.Boolean()),
});
export type Finding = Static<typeof Finding>;

const CheckReport = Type.Object({
  check: Type.String(),
  asks: Type.String(),
  hop: Type.Number(),
  result: Type.Object({ kind: Type.String(), because: Type.Optional(Type.String()) }),
});
export type CheckReport = Static<typeof CheckReport>;

export const Plan = Type.Object({
  id: Type.String(),
  clusterId: Type.String(),
  from: Release,
  to: Release,
  hops: Type.Array(
    Type.Object({
      hop: Type.Object({ from: Release, to: Release, mode: Type.String(), requires: strings }),
      waves: Type.Array(strings),
      estimateSeconds: Type.Number(),
      oneWayDoors: strings,
    }),
  ),
  reports: Type.Array(CheckReport),
  findings: Type.Array(Finding),
  touches: strings,
  estimateSeconds: Type.Number(),
  gateAfterFirstMember: Type.Boolean(),
});
export type Plan = Static<typeof Plan>;

/** What the server holds a start for, in `details` of its answer. */
export const Obstacles = Type.Object({
  hazards: Type.Array(Finding),
  policy: Type.Array(Finding),
  couldNotRun: Type.Array(CheckReport),
});
export type Obstacles = Static<typeof Obstacles>;

const Reason = Type.Object({
  code: Type.String(),
  subject: Type.String(),
  says: Type.String(),
  clearedBy: Type.String(),
  evidence: Type.Optional(strings),
});
export type Reason = Static<typeof Reason>;

export const Upgrade = Type.Object({
  id: Type.String(),
  clusterId: Type.String(),
  planId: Type.String(),
  from: Release,
  to: Release,
  status: Type.String(),
  intent: Type.String(),
  /** Rises whenever it goes on after a rest. */
  generation: Type.Number(),
  reason: orNull(Reason),
  /** The hop in hand, counted from 0, of how many. */
  hop: Type.Number(),
  hops: orNull(Type.Number()),
  inHand: strings,
  recorded: Type.Array(Finding),
  acknowledged: strings,
  startedBy: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  endedAt: orNull(Type.String()),
});
export type Upgrade = Static<typeof Upgrade>;
export const Upgrades = Type.Object({ upgrades: Type.Array(Upgrade), next: orNull(Type.String()) });
export const Wished = Type.Object({ upgrade: Upgrade, says: Type.String() });

export const UpgradeEvent = Type.Object({
  seq: Type.Number(),
  at: Type.String(),
  kind: Type.String(),
  generation: Type.Number(),
  move: orNull(Type.String()),
  members: strings,
  says: Type.String(),
  reason: orNull(Reason),
  actor: orNull(Type.String()),
});
export type UpgradeEvent = Static<typeof UpgradeEvent>;
export const UpgradeEvents = Type.Object({ events: Type.Array(UpgradeEvent) });

export const Observation = Type.Object({
  reachable: Type.Boolean(),
  members: Type.Array(Type.Object({ name: Type.String(), release: orNull(Release), joined: Type.Boolean() })),
});
export type Observation = Static<typeof Observation>;

const Key = Type.Object({
  id: Type.String(),
  description: Type.String(),
  status: Type.String(),
  /** What it may do; null is everything. */
  policy: Type.Optional(Type.Unknown()),
  createdAt: Type.String(),
});
export type Key = Static<typeof Key>;
export const Keys = Type.Object({ keys: Type.Array(Key) });
/** The one answer that holds a secret. */
export const NewKey = Type.Object({ key: Type.Object({ id: Type.String(), secret: Type.String() }) });
export const RevokedKey = Type.Object({ revoked: Type.Boolean() });

const Spread = Type.Object({ min: Type.Number(), median: Type.Number(), max: Type.Number() });
const ThinMoment = Type.Object({
  atMs: Type.Number(),
  forMs: Type.Number(),
  started: Type.Number(),
  of: Type.Number(),
  shards: Type.Number(),
  examples: strings,
  away: strings,
});
export type ThinMoment = Static<typeof ThinMoment>;

const PlaneLow = Type.Object({
  fewestReady: orNull(
    Type.Object({
      atMs: Type.Number(),
      forMs: Type.Number(),
      ready: Type.Number(),
      of: Type.Number(),
      away: strings,
    }),
  ),
  withoutApiserverMs: Type.Number(),
  etcdAway: Type.Number(),
  etcdOf: Type.Number(),
  withoutQuorumMs: Type.Number(),
  withoutControllerManagerMs: Type.Number(),
  withoutSchedulerMs: Type.Number(),
  nodesAway: Type.Number(),
  nodesOf: Type.Number(),
});
export type PlaneLow = Static<typeof PlaneLow>;

export const Rehearsal = Type.Object({
  from: Release,
  to: Release,
  seed: Type.Number(),
  estimateSeconds: Type.Number(),
  held: Type.Object({ hazards: Type.Number(), policy: Type.Number(), couldNotRun: Type.Number() }),
  runs: Type.Number(),
  done: Type.Number(),
  made: Type.Number(),
  wanted: Type.Number(),
  tookMs: orNull(Spread),
  waves: Type.Array(strings),
  thinnest: orNull(ThinMoment),
  plane: orNull(PlaneLow),
  findings: Type.Array(Type.Object({ kind: Type.String(), says: Type.String(), remedy: Type.String(), runs: Type.Number() })),
  faults: Type.Array(
    Type.Object({
      fault: Type.String(),
      member: orNull(Type.String()),
      lost: orNull(Type.String()),
      status: Type.String(),
      reason: orNull(Reason),
      tookMs: Type.Number(),
      remarks: strings,
      thinnest: orNull(ThinMoment),
      plane: orNull(PlaneLow),
    }),
  ),
  violations: strings,
  assumed: strings,
});
export type Rehearsal = Static<typeof Rehearsal>;
/** Of what is exported the server alone reads the rest. */
export const ExportedObservation = Type.Object({
  format: Type.Literal('clusterlift-observation'),
  version: Type.Literal(1),
  name: Type.String(),
  takenAt: Type.String(),
});
export type ExportedObservation = Static<typeof ExportedObservation>;

export const RehearsalRun = Type.Object({ made: Type.Number(), of: Type.Number() });
