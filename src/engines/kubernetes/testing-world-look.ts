/** What an observation of the small world tells. */
import type {
  MemberProcess,
  Observation,
  SeenDisruptionBudget,
  SeenKubernetes,
  SeenKubernetesNode,
  SeenMember,
} from '../../domain/index.ts';
import { clusterUid, ofKind, patchOf, type World, type WorldBudget, type WorldMember } from './testing-world.ts';

export function etcdServes(world: World): boolean {
  const members = ofKind(world, 'etcd');
  return members.length === 0 || members.filter((member) => comesUp(world, member)).length * 2 > members.length;
}

function comesUp(world: World, member: WorldMember): boolean {
  return (member.process === 'running' || member.process === 'unknown') && world.nowMs >= member.readyAtMs;
}

export function isReady(world: World, member: WorldMember): boolean {
  if (!comesUp(world, member) || member.endsAtMs !== null) return false;
  switch (member.spec.component) {
    case 'etcd':
      return etcdServes(world);
    case 'front-door':
      return true;
    case 'kube-apiserver':
      return etcdServes(world) && ofKind(world, 'etcd').every(({ alarms }) => alarms.length === 0 || member.launches === 1);
    default:
      return ofKind(world, 'kube-apiserver').some((apiserver) => isReady(world, apiserver));
  }
}

/** The minor that an apiserver behaves as. */
export function behaves(member: WorldMember): string {
  return member.emulate ?? member.release.version;
}

export function observe(world: World): Observation<SeenKubernetes> {
  const answering = ofKind(world, 'kube-apiserver').some((member) => isReady(world, member));
  return {
    at: new Date(world.nowMs).toISOString(),
    members: world.members.map((member) => seenMember(world, member)),
    cluster: answering ? { kind: 'seen', seen: seenCluster(world) } : { kind: 'unreachable', because: 'no apiserver answers' },
    hosts: {
      local: world.hostAway
        ? { kind: 'unreachable', because: 'it is away' }
        : { kind: 'seen', javas: [], freeMemoryBytes: world.freeMemoryBytes, prefetched: world.prefetched, generation: 1 },
    },
    unknowns: [],
  };
}

function seenMember(world: World, member: WorldMember): SeenMember {
  const { spec, release, pid, uid } = member;
  const answers = comesUp(world, member) && spec.component !== 'front-door';
  const identity = { pid, startTime: String(pid) };
  const processes: Record<WorldMember['process'], MemberProcess> = {
    running: { state: 'running', identity, release, startedAt: new Date(member.startedAtMs).toISOString() },
    stopped: { state: 'stopped', release, exitCode: 1, lastLines: member.lastLines },
    absent: { state: 'absent' },
    unknown: { state: 'unknown', because: 'its host does not answer' },
  };
  return {
    name: spec.name,
    process: processes[member.process],
    running: answers ? release : null,
    joined: answers ? { nodeId: spec.component === 'node' ? uid : spec.name, ephemeralId: `${pid}@${pid}` } : null,
  };
}

function seenCluster(world: World): SeenKubernetes {
  const up = (member: WorldMember) => comesUp(world, member);
  return {
    clusterUid: world.otherCluster ?? clusterUid,
    apiservers: ofKind(world, 'kube-apiserver')
      .filter(up)
      .map((member) => ({
        name: member.spec.name,
        version: patchOf(member.release),
        emulated: behaves(member),
        ready: isReady(world, member),
        notReady: isReady(world, member) ? [] : ['etcd'],
        deprecated: [],
        storageVersions: {},
      })),
    controllers: ofKind(world, 'kube-controller-manager', 'kube-scheduler')
      .filter(up)
      .map((member) => ({
        name: member.spec.name,
        component: member.spec.component as 'kube-controller-manager' | 'kube-scheduler',
        version: patchOf(member.release),
        healthy: isReady(world, member),
        leader: member.leader,
      })),
    etcd: ofKind(world, 'etcd')
      .filter(up)
      .map((member) => ({
        name: member.spec.name,
        memberId: member.spec.name,
        version: member.release.version,
        leader: member.leader,
        healthy: isReady(world, member),
        dbSizeBytes: 2 ** 20,
        quotaBytes: 2 ** 31,
        raftIndex: 1,
        alarms: member.alarms,
      })),
    etcdClusterVersion: '3.6.0',
    frontDoorAnswers: ofKind(world, 'front-door').some(up),
    nodes: ofKind(world, 'node')
      .filter((member) => member.process !== 'absent')
      .map((member) => seenNode(world, member)),
    disruptionBudgets: world.budgets.map((budget) => seenBudget(world, budget)),
    failingClosedWebhooks: [],
    unavailableApiServices: [],
    customResources: [],
    addons: [],
    newerObjects: [],
    certificateNotAfter: '2029-01-01T00:00:00.000Z',
  };
}

function seenNode(world: World, member: WorldMember): SeenKubernetesNode {
  return {
    name: member.spec.name,
    uid: member.uid,
    kubeletVersion: patchOf(member.release),
    ready: isReady(world, member),
    unschedulable: member.cordoned !== 'no',
    cordonedByUs: member.cordoned === 'ours',
    nodegroup: member.spec.nodegroup,
    pressures: [],
    pods: world.pods
      .filter((pod) => pod.node === member.spec.name)
      .map((pod) => ({
        namespace: 'app',
        name: pod.name,
        uid: `uid-${pod.name}`,
        owned: true,
        budgets: world.budgets.filter(({ app }) => app === pod.app).map(({ name }) => name),
      })),
  };
}

/** Pods that serve: on a node that is ready, and not on their way. */
export function healthyPods(world: World, app: string): number {
  return world.pods.filter((pod) => {
    const node = world.members.find(({ spec }) => spec.name === pod.node);
    return pod.app === app && pod.movingUntilMs === null && node !== undefined && isReady(world, node);
  }).length;
}

export function seenBudget(world: World, budget: WorldBudget): SeenDisruptionBudget {
  const currentHealthy = healthyPods(world, budget.app);
  return {
    namespace: 'app',
    name: budget.name,
    disruptionsAllowed: Math.max(0, currentHealthy - budget.minAvailable),
    expectedPods: world.pods.filter(({ app }) => app === budget.app).length,
    currentHealthy,
    desiredHealthy: budget.minAvailable,
  };
}
