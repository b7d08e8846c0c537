/** Values that a request is good with, by the name of a field; whatever has no entry gets one of its type. */
import type { Chance } from './chance.ts';
import type { Type } from './model.ts';
import type { Tree } from './tree.ts';

/** What there is to ask for at the server that is asked. */
export interface Known {
  /** Elasticsearch clusters by id, some of which the keys may not change. */
  readonly instanceIds: readonly string[];
  /** Kubernetes clusters by name. */
  readonly clusterNames: readonly string[];
  /** Names and ids that upgrades, plans, updates and node groups may have. */
  readonly upgradeIds: readonly string[];
  readonly planIds: readonly string[];
  readonly updateIds: readonly string[];
  readonly arns: readonly string[];
}

export type Good = (operation: string, name: string, type: Type, chance: Chance) => Tree;

type Table = Readonly<Record<string, (known: Known, chance: Chance, operation: string) => Tree>>;

const uuid = '0d9e2ba2-6a43-4b1c-9a3b-2f6f1c7d8e90';
const versions = ['1.34', '1.35', '1.36', '1.37'] as const;

/** New things get few names, so that there are never many of them. */
const newName = (chance: Chance) => `fuzz-${chance.below(6)}`;
const text = (value: string) => () => value;
const tokenOf = (_: Known, chance: Chance) =>
  chance.happens(0.5) ? `token-${chance.below(40)}` : `token-${chance.below(2 ** 30)}`;

const common: Table = {
  clientToken: tokenOf,
  ClientToken: tokenOf,
  clientRequestToken: tokenOf,
  maxResults: (_, chance) => 1 + chance.below(100),
  size: (_, chance) => 1 + chance.below(100),
  Size: (_, chance) => 1 + chance.below(100),
  page: (_, chance) => 1 + chance.below(3),
  Page: (_, chance) => 1 + chance.below(3),
};

const eks: Table = {
  name: (known, chance, operation) =>
    /^(Create|Register)/.test(operation) ? newName(chance) : chance.pick([...known.clusterNames, newName(chance)]),
  clusterName: (known, chance) => chance.pick([...known.clusterNames, newName(chance)]),
  nodegroupName: (_, chance) => `group-${chance.below(3)}`,
  roleArn: text('arn:aws:iam::123456789012:role/eks'),
  nodeRole: text('arn:aws:iam::123456789012:role/nodes'),
  version: (_, chance) => chance.pick(versions),
  kubernetesVersion: (_, chance) => chance.pick(versions),
  clusterVersions: (_, chance) => chance.pick(versions),
  subnetIds: text('subnet-0a1b2c3d4e5f60718'),
  subnets: text('subnet-0a1b2c3d4e5f60718'),
  securityGroupIds: text('sg-0a1b2c3d4e5f60718'),
  publicAccessCidrs: text('0.0.0.0/0'),
  serviceIpv4Cidr: text('10.100.0.0/16'),
  ipFamily: text('ipv4'),
  updateId: (known, chance) => chance.pick([...known.updateIds, uuid]),
  resourceArn: (known, chance) => chance.pick(known.arns),
  tagKeys: (_, chance) => chance.pick(['team', 'owner', 'clusterlift:soak-seconds']),
  types: (_, chance) => chance.pick(['api', 'audit', 'scheduler']),
  authenticationMode: text('API'),
  supportType: (_, chance) => chance.pick(['STANDARD', 'EXTENDED']),
  capacityType: text('ON_DEMAND'),
  amiType: text('AL2023_x86_64_STANDARD'),
  effect: (_, chance) => chance.pick(['NO_SCHEDULE', 'NO_EXECUTE', 'PREFER_NO_SCHEDULE']),
  diskSize: () => 20,
  instanceTypes: text('t3.medium'),
  desiredSize: () => 1,
  minSize: () => 1,
  maxSize: () => 2,
  maxUnavailable: () => 1,
  categories: text('UPGRADE_READINESS'),
  statuses: (_, chance) => chance.pick(['PASSING', 'ERROR']),
  provider: text('OTHER'),
};

const aliyun: Table = {
  InstanceId: (known, chance) => chance.pick([...known.instanceIds, 'es-cn-0000000000000000']),
  instanceId: (known, chance) => chance.pick(known.instanceIds),
  ResourceIds: (known, chance) => chance.pick(known.instanceIds),
  ResourceType: text('INSTANCE'),
  version: (_, chance) => chance.pick(['5.6', '5.6.16', '6.3.2_with_X-Pack']),
  esVersion: (_, chance) => chance.pick(['5.5.3_with_X-Pack', '5.6.16']),
  type: (_, chance) => chance.pick(['engineVersion', 'aliVersion']),
  nodeAmount: () => 2,
  zoneCount: () => 1,
  amount: () => 0,
  esAdminPassword: text('Not-used-on-oss-1'),
  paymentType: text('postpaid'),
  tagKey: text('team'),
  Tags: text('[{"key":"team","value":"a"}]'),
  tags: text('[{"tagKey":"team","tagValue":"a"}]'),
  TagKeys: text('["team"]'),
  startTime: (_, chance) => 1_764_000_000_000 - chance.below(1_000_000),
  endTime: (_, chance) => 1_764_000_000_000 + chance.below(1_000_000_000),
  deleteType: text('protective'),
  updateStrategy: text('blue_green'),
};

const native: Table = {
  clusterId: (known, chance) => chance.pick([...known.instanceIds, ...known.clusterNames]),
  upgradeId: (known, chance) => chance.pick([...known.upgradeIds, uuid]),
  planId: (known, chance) => chance.pick([...known.planIds, uuid]),
  keyId: (_, chance) => `LTAInobody${chance.below(10)}`,
  name: (_, chance) => newName(chance),
  clusterName: (_, chance) => newName(chance),
  version: (_, chance) => chance.pick(['5.6.16', '6.3.2', ...versions]),
  engine: (_, chance) => chance.pick(['elasticsearch', 'kubernetes']),
  origin: (_, chance) => chance.pick(['registered', 'created']),
  url: text('http://127.0.0.1:9'),
  httpPort: (_, chance) => 20_000 + chance.below(10),
  transportPort: (_, chance) => 21_000 + chance.below(10),
  host: (_, chance) => chance.pick(['local', 'simulated']),
  Effect: text('Allow'),
  Action: text('eks:Describe*'),
  Resource: text('*'),
  limit: (_, chance) => 1 + chance.below(100),
  after: (_, chance) => chance.below(100),
};

const tables = { eks, aliyun, native, sts: {} as Table } as const;

export function goodValues(face: keyof typeof tables, known: Known): Good {
  const table = tables[face];
  return (operation, name, type, chance) => {
    const value = Object.hasOwn(table, name) ? table[name] : Object.hasOwn(common, name) ? common[name] : undefined;
    return value === undefined ? ofType(type, chance) : value(known, chance, operation);
  };
}

function ofType(type: Type, chance: Chance): Tree {
  if (type.kind === 'number') return chance.below(10);
  if (type.kind === 'flag') return chance.happens(0.5);
  if (type.kind === 'moment') return 1_764_000_000 + chance.below(1_000_000);
  if (type.kind === 'text' && type.words !== undefined) return chance.pick(type.words);
  return `text-${chance.below(10)}`;
}
