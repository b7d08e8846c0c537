import { type Static, Type } from 'typebox';
import { Role } from './cluster.ts';
import { closed, oneOf, orNull, Target } from './common.ts';
import { flagsOfComponents, NewKubernetes } from './new-kubernetes.ts';
import { Description, Name, Port, Region, Tags } from './of-any-cluster.ts';

/** An absolute path: where the server happened to be started must not matter. */
const Folder = Type.String({ pattern: '^/', maxLength: 1_024 });
const Command = Type.Array(Type.String({ minLength: 1, maxLength: 4_096 }), { minItems: 1, maxItems: 64 });
const nodesMax = 99;

export const NewNode = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$', description: '`node.name`.' }),
    host: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,128}$', default: 'local' })),
    url: Type.Optional(
      Type.String({
        pattern: '^https?://[^/?#@\\s]+/?$',
        maxLength: 512,
        description:
          'Its REST address without credentials, `http://127.0.0.1:9201`. Left out of a created cluster, ports are found.',
      }),
    ),
    httpPort: Type.Optional(Port),
    transportPort: Type.Optional(Port),
    zone: Type.Optional(orNull(Type.String({ pattern: '^[A-Za-z0-9._-]{1,128}$' }))),
    roles: Type.Optional(Type.Array(Role, { minItems: 1, uniqueItems: true })),
    heapMb: Type.Optional(
      Type.Integer({ minimum: 128, maximum: 31 * 1_024, description: 'Registered and not given: as the node has it now.' }),
    ),
    jvmOptions: Type.Optional(
      Type.Array(Type.String({ pattern: '^-[^\\s\\u0000-\\u001f]+$', maxLength: 1_024 }), {
        maxItems: 100,
        description:
          'JVM options beyond the heap, one a text without blanks. Registered and not given: as the node has them now.',
      }),
    ),
    settingsFileOwner: Type.Optional(
      oneOf(
        ['clusterlift', 'owner'],
        '`owner` (usual of a registered node): elasticsearch.yml is used as it is. `clusterlift` (usual of a created one): it is written at every start.',
      ),
    ),
    folders: Type.Optional(orNull(Type.Object({ conf: Folder, data: Folder, logs: Folder }, closed))),
  },
  closed,
);

export const NewElasticsearch = Type.Object(
  {
    name: Name,
    description: Type.Optional(Description),
    engine: oneOf(['elasticsearch']),
    region: Type.Optional(Region),
    tags: Type.Optional(Tags),
    origin: Type.Optional(oneOf(['registered', 'created'], '`registered` (usual): it exists. `created`: it is made.')),
    clusterName: Type.String({ pattern: '^[^:\\u0000-\\u0020\\u007f]{1,128}$', description: '`cluster.name`.' }),
    release: Type.Optional(Target),
    nodes: Type.Array(NewNode, { minItems: 1, maxItems: nodesMax }),
    settings: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[A-Za-z0-9._*-]{1,256}$' }),
        Type.Union([Type.String({ maxLength: 8_192 }), Type.Number(), Type.Boolean()]),
        { additionalProperties: false, description: 'Settings beyond those that Clusterlift writes, flat names.' },
      ),
    ),
    awarenessAttribute: Type.Optional(orNull(Type.String({ pattern: '^[A-Za-z0-9._-]{1,128}$' }))),
    bindAddress: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._:-]{1,255}$' })),
    repositoryPath: Type.Optional(orNull(Folder)),
    username: Type.Optional(orNull(Type.String({ pattern: '^[^:\\u0000-\\u001f\\u007f]{1,256}$' }))),
    password: Type.Optional(
      orNull(Type.String({ minLength: 1, maxLength: 1_024, description: 'Kept encrypted, never shown again.' })),
    ),
    hooks: Type.Optional(
      Type.Object({ preStop: Type.Optional(orNull(Command)), postStart: Type.Optional(orNull(Command)) }, closed),
    ),
    gateAfterFirstMember: Type.Optional(Type.Boolean()),
  },
  { ...closed, description: 'A cluster of Elasticsearch as its owner describes it.' },
);

/** Its engine tells which: what is wrong is told of that one alone. */
export const NewCluster = Type.Unsafe<Static<typeof NewElasticsearch> | Static<typeof NewKubernetes>>({
  type: 'object',
  description: 'A cluster as its owner describes it.',
  required: ['engine'],
  properties: { engine: oneOf(['elasticsearch', 'kubernetes']) },
  discriminator: { propertyName: 'engine' },
  oneOf: [NewElasticsearch, NewKubernetes],
});

export const ClusterChange = Type.Object(
  {
    description: Type.Optional(Description),
    tags: Type.Optional(Tags),
    flags: Type.Optional(
      Type.Object(flagsOfComponents, {
        ...closed,
        minProperties: 1,
        description:
          'Of a Kubernetes cluster that was created here: the flags of its owner for a component, `--audit-log-maxage=3`. They take the place of those that it had, come after ours and count from the next start of each member on.',
      }),
    ),
  },
  { ...closed, minProperties: 1 },
);
