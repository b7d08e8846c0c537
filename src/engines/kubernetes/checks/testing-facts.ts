/** What the ends of checks are made from: a few facts, changed in one place each. */
import type { MemberTrial, SeenKubernetes } from '../../../domain/index.ts';
import { aHop, catalog, memberOf, old, type World, young } from '../testing-world.ts';
import type { Change } from './testing.ts';

/** How each check comes to each of its ends. An end that it cannot have is null. */
export interface Ends {
  readonly passed: Change;
  readonly found: { readonly change: Change; readonly subjects: readonly string[] };
  readonly notApplicable: Change | null;
  readonly couldNotRun: Change | null;
}

export const nodes = aHop(old, young, { nodegroup: 'blue' });
export const unknown = (...unknowns: readonly string[]): Change => ({ observation: { unknowns } });
export const noCatalog = { context: { catalog: { ...catalog, releases: [] } } };
export const every = (change: (world: World) => void) => ({ world: change });
export const pod = { namespace: 'app', name: 'db-1', uid: 'u', owned: true };
export const node = (change: Partial<SeenKubernetes['nodes'][number]>) => ({
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
export const budget = {
  namespace: 'app',
  name: 'db',
  disruptionsAllowed: 0,
  expectedPods: 2,
  currentHealthy: 2,
  desiredHealthy: 2,
};
export const webhook = {
  configuration: 'c',
  webhook: 'w.example.com',
  target: 'app/hook',
  unreachable: true,
  resources: ['pods'],
};
export const apiserver = (change: Partial<SeenKubernetes['apiservers'][number]>) => ({
  name: 'apiserver-1',
  version: '1.36.3',
  emulated: '1.36',
  ready: true,
  notReady: [],
  deprecated: [],
  storageVersions: {},
  ...change,
});
export const request = { group: 'networking.k8s.io', version: 'v1beta1', resource: 'ipaddresses', subresource: '' };
export const trial = (member: string, outcome: MemberTrial['outcome']): MemberTrial => ({
  key: { clusterId: 'c', member, release: young, settingsHash: '' },
  outcome,
});
export const tried = ['apiserver-1', 'apiserver-2', 'controller-manager-1', 'controller-manager-2', 'scheduler-1', 'scheduler-2'];
export const etcdFull = (world: World) => memberOf(world, 'etcd-1').alarms.push('NOSPACE');
