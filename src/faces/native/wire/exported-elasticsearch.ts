/** What is exported of a cluster of Elasticsearch; a server reads it from anybody's file. */
import { type TSchema, Type } from 'typebox';
import { closed, oneOf, orNull } from './common.ts';
import { Count, Fact, Flat, Id, ReleaseShown, Text, Texts, Version, Word } from './exported-parts.ts';

const copiesMax = 20_000;
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
const Roles = Type.Array(oneOf(['master', 'data', 'ingest']), { maxItems: 3 });
const Zone = orNull(Word);

const Node = Type.Object(
  {
    name: Word,
    host: Word,
    url: Text,
    httpPort: Port,
    transportPort: Port,
    zone: Zone,
    roles: Roles,
    heapMb: Count,
    jvmOptions: Type.Optional(Texts),
    settingsFileOwner: oneOf(['clusterlift', 'owner']),
    folders: orNull(Type.Object({ conf: orNull(Text), data: Text, logs: Text }, closed)),
  },
  closed,
);

export const ElasticsearchDescription = Type.Object(
  {
    kind: Type.Literal('elasticsearch'),
    clusterName: Word,
    nodes: Type.Array(Node, { minItems: 1, maxItems: 1_000 }),
    release: ReleaseShown,
    settings: Flat,
    awarenessAttribute: orNull(Word),
    bindAddress: Text,
    repositoryPath: orNull(Text),
    username: Type.Null(),
    hooks: Type.Object({ preStop: Type.Null(), postStart: Type.Null() }, closed),
    gateAfterFirstMember: Type.Boolean(),
  },
  closed,
);

const SeenNode = Type.Object(
  {
    nodeId: Id,
    ephemeralId: Id,
    name: Word,
    version: Version,
    roles: Roles,
    zone: Zone,
    pid: orNull(Count),
    plugins: Texts,
    modules: Texts,
    flavor: orNull(Word),
    settings: Flat,
    jvmInputArguments: Texts,
    javaVersion: orNull(Text),
    heapUsedPercent: orNull(Type.Number()),
    diskUsedPercent: orNull(Type.Number({ minimum: 0, maximum: 100 })),
    diskFreeBytes: orNull(Type.Number({ minimum: 0 })),
    build: orNull(Word),
  },
  closed,
);

const SeenCopy = Type.Object(
  {
    index: Word,
    shard: Type.Integer({ minimum: 0, maximum: 1_023 }),
    primary: Type.Boolean(),
    state: oneOf(['STARTED', 'INITIALIZING', 'RELOCATING', 'UNASSIGNED']),
    nodeId: orNull(Id),
    relocatingTo: orNull(Id),
    inSync: orNull(Type.Boolean()),
    unassignedReason: orNull(Word),
    delayed: Type.Boolean(),
    blockedBy: orNull(Texts),
  },
  closed,
);

const SeenIndex = Type.Object(
  {
    name: Word,
    uuid: Id,
    state: oneOf(['open', 'close']),
    createdMajor: Type.Integer({ minimum: 0, maximum: 1_000 }),
    createdVersion: Version,
    replicas: Type.Integer({ minimum: 0, maximum: 1_000 }),
    autoExpandReplicas: orNull(Word),
    mappingTypes: Texts,
    settings: Flat,
    blocks: Texts,
  },
  closed,
);

const Health = Type.Object(
  {
    status: oneOf(['green', 'yellow', 'red']),
    timedOut: Type.Boolean(),
    numberOfNodes: Count,
    initializing: Count,
    relocating: Count,
    unassigned: Count,
    delayedUnassigned: Count,
    inFlightFetch: Count,
    pendingTasks: Count,
    maxTaskWaitMs: Type.Number(),
  },
  closed,
);

const Snapshot = Type.Object(
  {
    repository: Word,
    name: Text,
    state: Word,
    endedAtMs: orNull(Type.Number()),
    includesGlobalState: orNull(Type.Boolean()),
  },
  closed,
);
const Watermarks = Type.Object(
  {
    enabled: Type.Boolean(),
    low: Text,
    high: Text,
    flood: orNull(Text),
    headroom: Type.Object({ low: orNull(Text), high: orNull(Text) }, closed),
  },
  closed,
);
const Template = Type.Object({ name: Text, settings: Flat, mappingTypes: Texts }, closed);
const Deprecation = Type.Object({ level: oneOf(['critical', 'warning', 'none']), message: Text, subject: Text }, closed);
const list = <T extends TSchema>(schema: T) => Type.Array(schema, { maxItems: 10_000 });

export const ElasticsearchSeen = Type.Object(
  {
    stateUuid: Id,
    stateVersion: Count,
    clusterName: Word,
    clusterUuid: Id,
    answeredAt: Type.Optional(Text),
    masterNodeId: orNull(Id),
    nodes: Type.Array(SeenNode, { minItems: 1, maxItems: 1_000 }),
    health: Health,
    shards: Type.Array(SeenCopy, { maxItems: copiesMax }),
    indices: list(SeenIndex),
    templates: list(Template),
    persistentSettings: Flat,
    transientSettings: Flat,
    votingNodeIds: list(Id),
    minimumMasterNodes: orNull(Type.Integer()),
    snapshots: Fact(list(Snapshot)),
    repositories: Fact(list(Word)),
    snapshotRunning: Fact(Type.Boolean()),
    watermarks: Watermarks,
    votingExclusions: Fact(Texts),
    shutdownRecords: Fact(Texts),
    deprecations: Fact(list(Deprecation)),
    systemFeatures: Fact(oneOf(['migration-needed', 'no-migration-needed', 'in-progress', 'error'])),
    mlEnabled: Fact(Type.Boolean()),
    mlUpgradeMode: Fact(Type.Boolean()),
    mlOpenJobs: Fact(Texts),
    ilmMode: Fact(Word),
  },
  closed,
);
