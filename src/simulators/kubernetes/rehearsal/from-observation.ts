/** What was seen of a control plane, as processes and objects of a simulated one. */
import { type KubernetesCluster, kubernetesMembers, type Launch, type SeenKubernetes } from '../../../domain/index.ts';
import type { Clock } from '../../clock.ts';
import type { Members } from '../members.ts';
import { readyApiservers } from '../processes/apiserver.ts';
import { changeObject, type Moment, read, setEtcd, startKubelet, type World } from '../world/index.ts';
import { loadPods } from './pods.ts';
import { loadWebhooks } from './webhooks.ts';

/** How a member is run at the very version that was seen, as its engine would start it. */
export type LaunchOf = (cluster: KubernetesCluster, member: string, version: string, emulate: string | null) => Launch;

export interface PlaneParts {
  readonly members: Members;
  readonly clock: Clock;
  readonly twin: KubernetesCluster;
  readonly launchOf: LaunchOf;
}

/** Of simulated time: longer than any start takes. */
const comesUpWithinMs = 10 * 60_000;

/** Starts what was seen to run, in the order in which one needs the other, and makes what they kept. */
export async function loadPlane(parts: PlaneParts, seen: SeenKubernetes): Promise<void> {
  const { members, twin } = parts;
  const { room } = members;
  isTheSame(room.world, seen.clusterUid);
  for (const { name, version } of seen.etcd) await start(parts, name, version);
  await comes(parts, 'etcd', () => room.world.etcd.quorum);
  const leader = seen.etcd.find((one) => one.leader);
  if (leader !== undefined) room.etcd.leader = leader.name;
  for (const { name, version, emulated } of seen.apiservers)
    await start(parts, name, version, emulated === null || version.startsWith(`${emulated}.`) ? null : emulated);
  const door = twin.spec.members.find(({ component }) => component === 'front-door');
  if (door !== undefined) await start(parts, door.name, seen.apiservers[0]?.version ?? '');
  await comes(parts, 'the apiservers', () => readyApiservers(room).length === seen.apiservers.length);
  await comes(parts, 'the front door', () => door === undefined || room.up.size === seen.apiservers.length);
  await startControllers(parts, seen);
  await startNodes(parts, seen);
  loadWebhooks(room.world, seen.failingClosedWebhooks, momentNow(parts));
  const whole = loadPods(room.world, seen, momentNow(parts));
  // One that does not get ready here is as good as one that is not ready there.
  await parts.clock.until(whole, comesUpWithinMs);
  if (seen.etcd.some(({ alarms }) => alarms.includes('NOSPACE'))) setEtcd(room.world, { noSpace: true });
}

/** An upgrade is tied to the cluster that its plan was made from, which is known by the uid of this namespace. */
function isTheSame(world: World, uid: string): void {
  const found = read(world, '/namespaces', '', 'kube-system');
  if (found !== undefined) changeObject(world, found, { ...found.object, metadata: { ...found.object.metadata, uid } });
}

function momentNow({ clock, members }: PlaneParts): Moment {
  return { nowMs: clock.catchUp(), random: members.room.random };
}

async function start({ members, twin, launchOf }: PlaneParts, name: string, version: string, emulate: string | null = null) {
  const started = await members.start(atVersion(launchOf(twin, name, version, emulate), version));
  if (started.kind !== 'done') throw new Error(started.says);
}

/** A patch that no catalog knows runs all the same. */
function atVersion(launch: Launch, version: string): Launch {
  if (launch.artefacts.length === 0) return launch;
  return { ...launch, artefacts: [{ kind: 'component', name: `as-seen-${version}` }] };
}

async function comes({ clock }: PlaneParts, what: string, condition: () => boolean): Promise<void> {
  if (await clock.until(condition, comesUpWithinMs)) return;
  throw new Error(`${what} did not come up in the simulated control plane as seen`);
}

/** Those that lead first, so that they lead here. */
async function startControllers(parts: PlaneParts, { controllers }: SeenKubernetes): Promise<void> {
  const { room } = parts.members;
  for (const led of [true, false]) {
    const these = controllers.filter(({ leader }) => (leader === true) === led);
    for (const { name, version } of these) await start(parts, name, version);
    const leads = these.every(({ component }) => room.leaders.has(component));
    if (!leads) await comes(parts, 'the controllers', () => these.every(({ component }) => room.leaders.has(component)));
    await comes(parts, 'the controllers', () => these.every(({ name }) => room.processes.get(name)?.phase === 'serving'));
  }
}

/** Nodes of groups of ours are processes of theirs; of others only the kubelet is there. */
async function startNodes(parts: PlaneParts, { nodes }: SeenKubernetes): Promise<void> {
  const { world } = parts.members.room;
  const ours = kubernetesMembers(parts.twin.spec).filter(({ component }) => component === 'node');
  for (const { name, kubeletVersion } of nodes)
    if (ours.some((member) => member.name === name)) await start(parts, name, kubeletVersion);
    else startKubelet(world, { name, version: kubeletVersion }, momentNow(parts));
  await comes(parts, 'the nodes', () => nodes.every(({ name }) => nodeOf(world, name) !== undefined));
  for (const { name, unschedulable, cordonedByUs } of nodes) {
    const node = nodeOf(world, name);
    if (node === undefined || !unschedulable || cordonedByUs) continue;
    changeObject(world, node, { ...node.object, spec: { ...(node.object.spec as object), unschedulable } });
  }
}

function nodeOf(world: World, name: string) {
  return read(world, '/nodes', '', name);
}
