import {
  compareVersions,
  hasOwnersBalancer,
  type KubernetesCatalog,
  type KubernetesCluster,
  type KubernetesMemberSpec,
  kubernetesMembers,
  type MemberIdentity,
  type Move,
  type NodegroupSpec,
  type Observation,
  placesBehindBalancer,
  type Release,
  type SeenKubernetes,
  type SeenMember,
  showRelease,
} from '../../domain/index.ts';
import { etcdReleaseOf } from './catalog.ts';
import { minorOf } from './minors.ts';

type Act = Extract<Move, { do: 'act' }>;

interface Look {
  readonly cluster: KubernetesCluster;
  readonly catalog: KubernetesCatalog;
  readonly observation: Observation<SeenKubernetes>;
  readonly seen: SeenKubernetes | null;
}

/**
 * What a cluster of our making needs outside an upgrade. Members come up in the order in which they need each other: etcd
 * and the front door at once, apiservers when etcd answers, all others when an apiserver is ready.
 */
export function upkeep(
  cluster: KubernetesCluster,
  catalog: KubernetesCatalog,
  observation: Observation<SeenKubernetes>,
  held = false,
): readonly Act[] {
  if (cluster.origin !== 'created' || cluster.provisioning.state === 'deleting') return [];
  const seen = observation.cluster.kind === 'seen' ? observation.cluster.seen : null;
  const look: Look = { cluster, catalog, observation, seen };
  const deleting = new Set(cluster.spec.nodegroups.filter((group) => group.deleting).map(({ name }) => name));
  const starts = kubernetesMembers(cluster.spec)
    .filter((member) => !member.surge && !deleting.has(member.nodegroup ?? ''))
    .filter((member) => isGone(look, member, held) && mayStart(look, member))
    .map((member) => startOf(look, member));
  return held ? starts : [...starts, ...removals(look, deleting)];
}

/** The apiservers have addresses only from the moment on in which a cluster is made: its owner's balancer learns them then. */
export function needsOwner({ spec }: KubernetesCluster, observation: Observation<SeenKubernetes>): string | null {
  if (!hasOwnersBalancer(spec) || observation.cluster.kind !== 'seen') return null;
  const { apiservers, frontDoorAnswers } = observation.cluster.seen;
  if (frontDoorAnswers || !apiservers.some(({ ready }) => ready)) return null;
  const places = placesBehindBalancer(spec).map(({ name, at }) => `${at} (${name})`);
  return (
    `The balancer at ${spec.endpoint} does not reach the apiservers: it must pass connections on as they are, without ` +
    `ending TLS, to whichever of ${places.join(', ')} says at /readyz that it is ready.`
  );
}

function memberSeen({ observation }: Look, name: string): SeenMember | undefined {
  return observation.members.find((member) => member.name === name);
}

/** While an upgrade is held, one that never ran is that upgrade's to begin with. */
function isGone(look: Look, { name }: KubernetesMemberSpec, held: boolean): boolean {
  const state = memberSeen(look, name)?.process.state;
  return state === 'stopped' || (state === 'absent' && !held);
}

function mayStart(look: Look, member: KubernetesMemberSpec): boolean {
  switch (member.component) {
    case 'etcd':
    case 'front-door':
      return true;
    case 'kube-apiserver':
      return etcdAnswers(look);
    case 'kube-controller-manager':
    case 'kube-scheduler':
      // Without a way to the apiservers they would end at once, and a balancer of the owner's may be a while in coming.
      return apiserverReady(look) && (!hasOwnersBalancer(look.cluster.spec) || look.seen?.frontDoorAnswers === true);
    case 'node':
      return apiserverReady(look) && look.seen?.frontDoorAnswers === true;
  }
}

/** More than half of its members are up; one that is not ours is taken to be. */
function etcdAnswers(look: Look): boolean {
  const etcd = look.cluster.spec.members.filter(({ component }) => component === 'etcd');
  return etcd.length === 0 || etcd.filter(({ name }) => isUp(look, name)).length > etcd.length / 2;
}

function isUp(look: Look, name: string): boolean {
  return (memberSeen(look, name)?.joined ?? null) !== null;
}

function apiserverReady({ seen }: Look): boolean {
  return seen?.apiservers.some(({ ready }) => ready) === true;
}

function startOf(look: Look, member: KubernetesMemberSpec): Act {
  const { name, component } = member;
  const release = releaseFor(look, member);
  const emulate = component === 'kube-apiserver' ? emulationFor(look, name, release) : null;
  const made = look.cluster.provisioning.state === 'creating';
  const what =
    component === 'front-door' ? '' : ` at ${showRelease(release)}${emulate === null ? '' : ` behaving as ${emulate}`}`;
  return {
    do: 'act',
    move: component === 'node' ? 'start-node' : 'start-member',
    on: [identityOf(look, name)],
    parameters: {
      version: component === 'front-door' ? null : release.version,
      build: component === 'front-door' ? null : release.build,
      ...(component === 'node' ? {} : { emulate }),
    },
    why: made ? `${name} is started${what}.` : `${name} does not run and is started${what}.`,
  };
}

/** What it ran last; a member that never ran begins with what its cluster, or its group, is declared to run. */
function releaseFor(look: Look, { name, component, nodegroup }: KubernetesMemberSpec): Release {
  const process = memberSeen(look, name)?.process;
  if (process?.state === 'stopped' && process.release !== null) return process.release;
  const { spec } = look.cluster;
  if (component === 'etcd') return etcdReleaseOf(look.catalog, spec.release);
  return spec.nodegroups.find((group) => group.name === nodegroup)?.release ?? spec.release;
}

/**
 * An apiserver that was emulating when it ended must not lift the emulation alone, and none may behave newer than another one
 * can: it behaves as the one that behaves oldest. Where none tells, a version newer than the cluster's own is one that was not
 * lifted yet as far as anybody knows.
 */
function emulationFor(look: Look, name: string, release: Release): string | null {
  const { cluster, seen } = look;
  const answering = (seen?.apiservers ?? [])
    .filter((other) => other.name !== name)
    .map((other) => other.emulated ?? minorOf(other.version));
  const silent = cluster.spec.members
    .filter((other) => other.component === 'kube-apiserver' && !other.surge && other.name !== name)
    .filter((other) => seen?.apiservers.some((one) => one.name === other.name) !== true)
    .flatMap((other) => recordedRelease(look, other.name)?.version ?? []);
  const behaviours = [...answering, ...silent, ...(answering.length === 0 ? [cluster.spec.release.version] : [])];
  const [oldest = release.version] = behaviours.sort(compareVersions);
  return compareVersions(oldest, release.version) < 0 ? oldest : null;
}

/** What its host started it as. */
function recordedRelease(look: Look, name: string): Release | null {
  const process = memberSeen(look, name)?.process;
  return process?.state === 'stopped' || process?.state === 'running' ? process.release : null;
}

/** Nodes of a group that is being deleted, and those that a group no longer has a place for. */
function removals(look: Look, deleting: ReadonlySet<string>): readonly Act[] {
  const { spec } = look.cluster;
  const going = spec.nodegroups
    .filter(({ name }) => deleting.has(name))
    .flatMap((group) => group.nodes.filter(({ name }) => isThere(look, name)).map(({ name }) => removalOf(look, name, group)));
  const groups = spec.nodegroups.filter(({ name }) => !deleting.has(name));
  const surplus = groups.flatMap((group) =>
    (look.seen?.nodes ?? [])
      .filter((node) => node.nodegroup === group.name && !group.nodes.some(({ name }) => name === node.name))
      .map(({ name }) => removalOf(look, name, group)),
  );
  return [...going, ...surplus];
}

function isThere(look: Look, name: string): boolean {
  const state = memberSeen(look, name)?.process.state;
  return (state !== undefined && state !== 'absent') || look.seen?.nodes.some((node) => node.name === name) === true;
}

function removalOf(look: Look, name: string, group: NodegroupSpec): Act {
  return {
    do: 'act',
    move: 'remove-node',
    on: [identityOf(look, name)],
    parameters: { drain: 'true' },
    why: group.deleting
      ? `Node group ${group.name} is being deleted.`
      : `Node group ${group.name} no longer has a place for ${name}.`,
  };
}

function identityOf(look: Look, name: string): MemberIdentity {
  const member = memberSeen(look, name);
  return {
    name,
    nodeId: member?.joined?.nodeId ?? look.seen?.nodes.find((node) => node.name === name)?.uid ?? null,
    ephemeralId: member?.joined?.ephemeralId ?? null,
    process: member?.process.state === 'running' ? member.process.identity : null,
  };
}
