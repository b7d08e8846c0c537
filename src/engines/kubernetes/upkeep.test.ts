import { beforeAll, describe, expect, it } from 'vitest';
import type {
  KubernetesCluster,
  KubernetesSpec,
  MemberProcess,
  Observation,
  SeenApiserver,
  SeenKubernetes,
  SeenKubernetesNode,
  SeenMember,
} from '../../domain/index.ts';
import { kubernetesMembers } from '../../domain/index.ts';
import { requestedSpec } from './draft/index.ts';
import { addNodegroup, changeNodegroup, setNodegroupSize } from './nodegroups.ts';
import { atTest, clusterOf, drafted, theKubernetesCatalog } from './testing.ts';
import { needsOwner, upkeep } from './upkeep.ts';

const release = { version: '1.36', build: 'eks.3' };
const next = { version: '1.37', build: 'eks.2' };
const catalog = theKubernetesCatalog();
const group = { name: 'blue', release, minSize: 1, maxSize: 3, maxUnavailable: 1, labels: {}, taints: [], tags: {}, face: {} };
let cluster: KubernetesCluster;
beforeAll(async () => {
  const made = await drafted(requestedSpec({ release, etcd: 3 }));
  cluster = clusterOf(addNodegroup(made.spec, { ...group, desiredSize: 2 }, atTest), made.secrets);
});

const running: MemberProcess = { state: 'running', identity: { pid: 7, startTime: '1' }, release: null, startedAt: null };
const absent: MemberProcess = { state: 'absent' };
const apiserver = (name: string, version = '1.36.3', emulated = '1.36'): SeenApiserver => ({
  name,
  version,
  emulated,
  ready: true,
  notReady: [],
  deprecated: [],
  storageVersions: {},
});
const node = (name: string): SeenKubernetesNode => ({
  name,
  uid: `uid-${name}`,
  kubeletVersion: '1.36.3',
  ready: true,
  unschedulable: false,
  cordonedByUs: false,
  nodegroup: 'blue',
  pressures: [],
  pods: [],
});

/** Everything runs but what is named. */
function look(
  spec: KubernetesSpec,
  gone: Readonly<Record<string, MemberProcess>>,
  seen: Partial<SeenKubernetes> | null = {},
): Observation<SeenKubernetes> {
  const members: SeenMember[] = kubernetesMembers(spec).map(({ name, surge }) => {
    const process = gone[name] ?? (surge ? absent : running);
    const joined = process.state === 'running' ? { nodeId: name, ephemeralId: '7@1' } : null;
    return { name, process, running: null, joined };
  });
  const usual = { apiservers: [apiserver('apiserver-1')], frontDoorAnswers: true, nodes: [node('blue-1'), node('blue-2')] };
  return {
    at: atTest,
    members,
    hosts: {},
    unknowns: [],
    cluster:
      seen === null
        ? { kind: 'unreachable', because: 'nobody answers' }
        : { kind: 'seen', seen: { ...usual, ...seen } as SeenKubernetes },
  };
}

const asked = (of: KubernetesCluster, observation: Observation<SeenKubernetes>) =>
  upkeep(of, catalog, observation).map(({ move, on, parameters }) => ({ move, name: on[0]?.name, ...parameters }));
const namesOf = (of: KubernetesCluster, observation: Observation<SeenKubernetes>) =>
  asked(of, observation).map(({ name }) => name);
const allGone = (spec: KubernetesSpec, but: readonly string[] = []) =>
  Object.fromEntries(
    kubernetesMembers(spec)
      .filter(({ name }) => !but.includes(name))
      .map(({ name }) => [name, absent]),
  );

describe('keeping a cluster up', () => {
  it('does nothing where everything runs, and nothing for a cluster that is not ours', () => {
    expect(asked(cluster, look(cluster.spec, {}))).toEqual([]);
    expect(asked({ ...cluster, origin: 'registered' }, look(cluster.spec, allGone(cluster.spec)))).toEqual([]);
  });

  it('starts members in the order in which they need each other', () => {
    const { spec } = cluster;
    const etcd = ['etcd-1', 'etcd-2', 'etcd-3'];
    expect(namesOf(cluster, look(spec, allGone(spec), null))).toEqual([...etcd, 'front-door']);
    const apiservers = ['apiserver-1', 'apiserver-2'];
    expect(namesOf(cluster, look(spec, allGone(spec, ['front-door', 'etcd-1', 'etcd-2']), null))).toEqual([
      'etcd-3',
      ...apiservers,
    ]);
    const up = [...etcd, ...apiservers, 'front-door'];
    expect(namesOf(cluster, look(spec, allGone(spec, up), { frontDoorAnswers: false }))).toEqual([
      'controller-manager-1',
      'controller-manager-2',
      'scheduler-1',
      'scheduler-2',
    ]);
    expect(namesOf(cluster, look(spec, { 'blue-2': absent }))).toEqual(['blue-2']);
  });

  it('starts what goes through a balancer of the owner only when that leads to the apiservers, and says so meanwhile', async () => {
    const made = await drafted(requestedSpec({ release, endpoint: 'https://lb.example:6443' }));
    const spec = addNodegroup(made.spec, { ...group, desiredSize: 2 }, atTest);
    const theirs = clusterOf(spec, made.secrets);
    const up = ['etcd-1', 'apiserver-1', 'apiserver-2'];
    const before = look(spec, allGone(spec, up), { frontDoorAnswers: false });
    expect(namesOf(theirs, before)).toEqual([]);
    expect(needsOwner(theirs, before)).toBe(
      'The balancer at https://lb.example:6443 does not reach the apiservers: it must pass connections on as they are, without ' +
        'ending TLS, to whichever of 127.77.3.11:6443 (apiserver-1), 127.77.3.12:6443 (apiserver-2), 127.77.3.19:6443 ' +
        '(apiserver-surge) says at /readyz that it is ready.',
    );
    const reached = look(spec, allGone(spec, up));
    expect(namesOf(theirs, reached)).toEqual([
      ...['controller-manager-1', 'controller-manager-2', 'scheduler-1', 'scheduler-2'],
      ...['blue-1', 'blue-2'],
    ]);
    expect(needsOwner(theirs, reached)).toBeNull();
    // Nothing that its owner could do before an apiserver is ready; and a front door of ours is not his.
    expect(needsOwner(theirs, look(spec, allGone(spec), null))).toBeNull();
    expect(needsOwner(cluster, look(cluster.spec, {}, { frontDoorAnswers: false }))).toBeNull();
  });

  it('starts a member again at what it ran last, not at what the cluster is declared to run', () => {
    const ended: MemberProcess = { state: 'stopped', release: next, exitCode: 1, lastLines: [] };
    expect(asked(cluster, look(cluster.spec, { 'scheduler-1': ended }))).toEqual([
      { move: 'start-member', name: 'scheduler-1', version: '1.37', build: 'eks.2', emulate: null },
    ]);
  });

  it('never lifts an emulation by starting an apiserver again', () => {
    const gone = { 'apiserver-2': { state: 'stopped', release: next, exitCode: 1, lastLines: [] } as const };
    const others = (emulated: string) => ({ apiservers: [apiserver('apiserver-1', '1.37.2', emulated)] });
    expect(asked(cluster, look(cluster.spec, gone, others('1.36')))).toMatchObject([{ emulate: '1.36' }]);
    expect(asked(cluster, look(cluster.spec, gone, others('1.37')))).toMatchObject([{ emulate: null }]);
    // Where none tells, what is not known to be lifted is not.
    expect(asked(cluster, look(cluster.spec, gone, null))).toMatchObject([{ emulate: '1.36' }]);
  });

  it('never lets an apiserver behave newer than what another one runs, on a way back that was left half-way', () => {
    const newer = { ...cluster, spec: { ...cluster.spec, release: next } };
    const gone = { 'apiserver-2': { state: 'stopped', release: next, exitCode: 1, lastLines: [] } as const };
    expect(asked(newer, look(newer.spec, gone))).toMatchObject([{ name: 'apiserver-2', version: '1.37', emulate: '1.36' }]);
    // Nobody answers, and the host knows what the other one is.
    const both = { ...gone, 'apiserver-1': { ...running, release } };
    expect(asked(newer, look(newer.spec, both, null))).toMatchObject([{ name: 'apiserver-2', emulate: '1.36' }]);
    expect(asked(newer, look(newer.spec, gone, null))).toMatchObject([{ name: 'apiserver-2', emulate: null }]);
  });

  it('while an upgrade is held, starts what ended by itself as it ran, and neither begins nor removes anything', () => {
    const spec = setNodegroupSize(cluster.spec, 'blue', 1, atTest);
    const held = { ...cluster, spec };
    const ended: MemberProcess = { state: 'stopped', release: next, exitCode: 1, lastLines: [] };
    const seen = look(held.spec, { 'scheduler-1': ended, 'scheduler-2': absent, 'apiserver-surge': ended });
    expect(namesOf(held, seen)).toEqual(['scheduler-1', 'scheduler-2', 'blue-2']);
    expect(upkeep(held, catalog, seen, true).map(({ move, on, parameters }) => [move, on[0]?.name, parameters.version])).toEqual([
      ['start-member', 'scheduler-1', '1.37'],
    ]);
  });

  it('removes the nodes of a group that is being deleted, and those that it has no place for', () => {
    const deleting = { ...cluster, spec: changeNodegroup(cluster.spec, 'blue', { deleting: true }, atTest) };
    expect(asked(deleting, look(deleting.spec, { 'blue-2': absent }, { nodes: [node('blue-1')] }))).toEqual([
      { move: 'remove-node', name: 'blue-1', drain: 'true' },
    ]);
    const smaller = { ...cluster, spec: setNodegroupSize(cluster.spec, 'blue', 1, atTest) };
    const theirs = { ...node('theirs'), nodegroup: null };
    expect(asked(smaller, look(smaller.spec, {}, { nodes: [node('blue-1'), node('blue-2'), theirs] }))).toEqual([
      { move: 'remove-node', name: 'blue-2', drain: 'true' },
    ]);
  });

  it('leaves alone what may still be coming up', () => {
    expect(asked(cluster, look(cluster.spec, { 'etcd-1': { state: 'launching' } }))).toEqual([]);
    expect(asked(cluster, look(cluster.spec, { 'etcd-1': { state: 'unknown', because: 'no file' } }))).toEqual([]);
  });
});
