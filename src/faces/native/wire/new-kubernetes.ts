import { Type } from 'typebox';
import { closed, oneOf, Target } from './common.ts';
import { Description, Name, Port, Region, Tags } from './of-any-cluster.ts';

const Flag = Type.String({ pattern: '^--?[A-Za-z][^\\u0000-\\u001f\\u007f]*$', maxLength: 4_096 });
const Flags = Type.Optional(Type.Array(Flag, { maxItems: 100 }));
export const flagsOfComponents = {
  etcd: Flags,
  'kube-apiserver': Flags,
  'kube-controller-manager': Flags,
  'kube-scheduler': Flags,
  node: Flags,
};

const membersMax = 40;
const longestSoakSeconds = 7 * 24 * 60 * 60;
const longestDrainSeconds = 24 * 60 * 60;
const PemText = Type.String({ pattern: '^\\s*-----BEGIN ', maxLength: 65_536 });

export const NewMember = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9]([-a-z0-9.]{0,250}[a-z0-9])?$' }),
    component: oneOf(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'front-door']),
    host: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,128}$' })),
    address: Type.String({
      pattern: '^[A-Za-z0-9:][A-Za-z0-9.:-]{0,252}$',
      description: 'Where the member itself answers, not a balancer before it; its certificate must name it.',
    }),
    port: Type.Optional(Port),
  },
  closed,
);

const Credentials = Type.Object(
  {
    kubeconfig: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 262_144,
        description: 'The text of a kubeconfig that holds everything itself, instead of the keys beside it.',
      }),
    ),
    certificateAuthority: Type.Optional(PemText),
    clientCertificate: Type.Optional(PemText),
    clientKey: Type.Optional(PemText),
    token: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,16384}$', description: 'Instead of a client certificate.' })),
  },
  { ...closed, description: 'What we may look at the cluster with: kept encrypted, never shown again.' },
);

export const NewKubernetes = Type.Object(
  {
    name: Name,
    description: Type.Optional(Description),
    engine: oneOf(['kubernetes']),
    region: Type.Optional(Region),
    tags: Type.Optional(Tags),
    origin: Type.Optional(oneOf(['registered', 'created'], '`registered` (usual): it exists. `created`: it is made.')),
    serviceCidr: Type.Optional(Type.String({ pattern: '^[0-9.]{7,15}/[0-9]{1,2}$' })),
    flags: Type.Optional(
      Type.Object(flagsOfComponents, {
        ...closed,
        description: 'The flags of its owner for a component, `--audit-log-maxage=3`.',
      }),
    ),
    gateAfterFirstMember: Type.Optional(Type.Boolean()),
    release: Type.Optional(Target),
    apiservers: Type.Optional(Type.Integer({ minimum: 1, maximum: 8, description: 'Created: 2 where nothing is said.' })),
    etcdMembers: Type.Optional(Type.Unsafe<1 | 3 | 5>({ type: 'integer', enum: [1, 3, 5], description: 'Created: 1.' })),
    controllers: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 9, description: 'Created: controller managers, and as many schedulers; 2.' }),
    ),
    soakSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: longestSoakSeconds,
        description: 'Created: how long a new minor behaves as the old one, and is watched. 60.',
      }),
    ),
    drainTimeoutSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: longestDrainSeconds,
        description: 'Created: how long the pods of a node may take to leave it. 900.',
      }),
    ),
    members: Type.Optional(
      Type.Array(NewMember, { minItems: 1, maxItems: membersMax, description: 'Registered: each apiserver at its own address.' }),
    ),
    endpoint: Type.Optional(
      Type.String({
        pattern: '^https://[^/?#@\\s]+/?$',
        maxLength: 512,
        description:
          'Where its clients reach it. Registered: left out, it is the server of the kubeconfig. Created: the balancer of its ' +
          'owner, so that no front door is made.',
      }),
    ),
    credentials: Type.Optional(Credentials),
    activationCode: Type.Optional(
      Type.String({
        pattern: '^[\\x21-\\x7e]{1,128}$',
        description: 'Registered: takes the place that is awaited with this code, and keeps its name, region and tags.',
      }),
    ),
  },
  { ...closed, description: 'A cluster of Kubernetes as its owner describes it.' },
);
