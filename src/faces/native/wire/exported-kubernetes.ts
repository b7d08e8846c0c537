/** What is exported of a control plane; a server reads it from anybody's file. */
import { type TSchema, Type } from 'typebox';
import { closed, oneOf, orNull } from './common.ts';
import { Count, Id, Moment, ReleaseShown, Text, Texts, Version, Word } from './exported-parts.ts';

const components = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'front-door', 'node'] as const;
const list = <T extends TSchema>(schema: T, maxItems = 10_000) => Type.Array(schema, { maxItems });
const Minor = Type.String({ pattern: '^\\d{1,2}\\.\\d{1,3}$' });
const Patch = Type.String({ pattern: '^\\d{1,3}\\.\\d{1,3}\\.\\d{1,4}$' });
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
const Address = Type.String({ pattern: '^[0-9A-Za-z.:_-]{1,255}$' });
const Endpoint = Type.String({ pattern: '^https://[0-9A-Za-z.:_\\[\\]-]{1,300}/?$' });
const Labels = Type.Record(Type.String({ maxLength: 512 }), Type.String({ maxLength: 512 }), { maxProperties: 200 });
const Nothing = Type.Record(Type.String(), Type.String(), { maxProperties: 0 });
/** In a description that is scrubbed a flag may say nothing of its value. */
const Flags = Type.Optional(Texts);

const Member = Type.Object(
  {
    name: Word,
    component: oneOf(components),
    host: Word,
    address: Address,
    port: Port,
    surge: Type.Boolean(),
    nodegroup: orNull(Word),
  },
  closed,
);
const Nodegroup = Type.Object(
  {
    name: Word,
    release: ReleaseShown,
    nodes: list(Member, 1_000),
    minSize: Count,
    maxSize: Count,
    maxUnavailable: Count,
    labels: Labels,
    taints: list(Type.Object({ key: Text, value: Text, effect: Word }, closed), 100),
    createdAt: Moment,
    modifiedAt: Moment,
    deleting: Type.Boolean(),
    tags: Nothing,
    face: Nothing,
  },
  closed,
);

export const KubernetesDescription = Type.Object(
  {
    kind: Type.Literal('kubernetes'),
    release: ReleaseShown,
    firstVersion: Minor,
    gateAfterFirstMember: Type.Boolean(),
    members: list(Member, 100),
    nodegroups: list(Nodegroup, 100),
    endpoint: Endpoint,
    serviceCidr: Type.String({ pattern: '^[0-9a-fA-F.:]{2,64}/\\d{1,3}$' }),
    flags: Type.Object(
      {
        etcd: Flags,
        'kube-apiserver': Flags,
        'kube-controller-manager': Flags,
        'kube-scheduler': Flags,
        'front-door': Flags,
        node: Flags,
      },
      closed,
    ),
    soakMs: Type.Integer({ minimum: 0, maximum: 604_800_000 }),
    drainTimeoutMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 604_800_000 })),
    snapshotFolder: Type.Optional(Text),
    authenticationUrl: Type.Null(),
    face: Nothing,
  },
  closed,
);

const DeprecatedRequest = Type.Object(
  { group: Text, version: Text, resource: Text, subresource: Text, removedRelease: Text },
  closed,
);
const Apiserver = Type.Object(
  {
    name: Word,
    version: Patch,
    emulated: orNull(Minor),
    ready: Type.Boolean(),
    notReady: Texts,
    deprecated: list(DeprecatedRequest),
    storageVersions: Type.Record(Type.String({ maxLength: 512 }), Text, { maxProperties: 10_000 }),
  },
  closed,
);
const Controller = Type.Object(
  {
    name: Word,
    component: oneOf(['kube-controller-manager', 'kube-scheduler']),
    version: Patch,
    healthy: Type.Boolean(),
    leader: orNull(Type.Boolean()),
  },
  closed,
);
const Etcd = Type.Object(
  {
    name: Word,
    memberId: Id,
    version: Version,
    leader: Type.Boolean(),
    healthy: Type.Boolean(),
    dbSizeBytes: Type.Number(),
    quotaBytes: orNull(Type.Number()),
    raftIndex: Type.Number(),
    alarms: Texts,
  },
  closed,
);
/** A part of a name of an object. */
const Name = Type.String({ pattern: '^[^\\u0000-\\u0020\\u007f/]{1,253}$' });
const Pod = Type.Object(
  { namespace: Name, name: Name, uid: Id, owned: Type.Boolean(), budgets: Type.Optional(list(Name, 100)) },
  closed,
);
const Node = Type.Object(
  {
    name: Name,
    uid: Id,
    kubeletVersion: Patch,
    ready: Type.Boolean(),
    unschedulable: Type.Boolean(),
    cordonedByUs: Type.Boolean(),
    nodegroup: orNull(Word),
    pressures: Texts,
    pods: list(Pod),
  },
  closed,
);
const Budget = Type.Object(
  {
    namespace: Name,
    name: Name,
    disruptionsAllowed: Type.Integer(),
    expectedPods: Type.Integer(),
    currentHealthy: Type.Integer(),
    desiredHealthy: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  },
  closed,
);
const Webhook = Type.Object(
  { configuration: Text, webhook: Text, target: Text, unreachable: Type.Boolean(), resources: Texts },
  closed,
);

export const KubernetesSeen = Type.Object(
  {
    clusterUid: Id,
    apiservers: list(Apiserver, 100),
    controllers: list(Controller, 100),
    etcd: list(Etcd, 100),
    etcdClusterVersion: orNull(Text),
    frontDoorAnswers: Type.Boolean(),
    nodes: list(Node, 1_000),
    disruptionBudgets: list(Budget),
    failingClosedWebhooks: list(Webhook, 1_000),
    unavailableApiServices: list(Type.Object({ name: Text, says: Text }, closed), 1_000),
    customResources: list(Type.Object({ name: Text, storedVersions: Texts, servedVersions: Texts }, closed)),
    addons: list(Type.Object({ name: Text, kind: Text, version: Text }, closed), 1_000),
    newerObjects: list(Type.Object({ api: Text, names: Texts }, closed), 1_000),
    certificateNotAfter: orNull(Moment),
  },
  closed,
);
