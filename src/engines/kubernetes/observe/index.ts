/**
 * observe: the facts of one moment from the members of a cluster, its API and its hosts, and what could not be found out.
 * Each member is asked at its own address, never through the balancer. Every answer is checked against a schema; what does
 * not fit is unknown, never guessed.
 * It does not know: what the facts are for, what was seen before.
 */
import { X509Certificate } from 'node:crypto';
import type {
  EngineIo,
  Instant,
  KubernetesCatalog,
  KubernetesCluster,
  Observation,
  ObservationDepth,
  SeenKubernetes,
} from '../../../domain/index.ts';
import { lookAtApiservers } from './apiservers.ts';
import { lookAtControllers } from './controllers.ts';
import { lookAtEtcd } from './etcd.ts';
import { lookAtFrontDoor } from './front-door.ts';
import { lookAtHosts, lookAtProcesses } from './hosts.ts';
import { type Inside, lookInside } from './inside.ts';
import { type Look, lookMs } from './look.ts';
import { type Answers, membersOf, withoutReplaced } from './members.ts';

export { basisOf, clusterOfBasis, newestOf, releaseOf } from './basis.ts';
export { type Subject, subjects, unknownAbout } from './look.ts';

export async function observe(
  cluster: KubernetesCluster,
  catalog: KubernetesCatalog,
  io: EngineIo,
  depth: ObservationDepth = 'turn',
): Promise<Observation<SeenKubernetes>> {
  const at = io.now();
  const until = new Date(Date.parse(at) + lookMs[depth]).toISOString();
  const before = await lookAtProcesses(cluster, io);
  const look: Look = { cluster, catalog, io, depth, until, processes: before, unknowns: new Set() };
  const [hosts, { inside, etcdClusterVersion, ...answered }] = await Promise.all([lookAtHosts(cluster, io), lookAtMembers(look)]);
  const after = await lookAtProcesses(cluster, io);
  const answers = withoutReplaced(answered, before, after);
  const members = membersOf(look, answers, before, after);
  const unknowns = [...look.unknowns].sort();
  const observation = { at, hosts, members, unknowns };
  if (inside === null || answers.apiservers.length === 0) {
    return { ...observation, cluster: { kind: 'unreachable', because: whyUnreachable(unknowns) } };
  }
  const seen = { ...inside, ...answers, etcdClusterVersion, certificateNotAfter: certificateNotAfter(cluster) };
  return { ...observation, cluster: { kind: 'seen', seen } };
}

/** Everything that is not the hosts', side by side. */
async function lookAtMembers(
  look: Look,
): Promise<Answers & { readonly inside: Inside | null; readonly etcdClusterVersion: string | null }> {
  const { entry, all } = lookAtApiservers(look);
  const [inside, controllers, etcd, frontDoorAnswers] = await Promise.all([
    entry.then((apiserver) => (apiserver === null ? null : lookInside(look, apiserver, all))),
    lookAtControllers(look),
    lookAtEtcd(look),
    lookAtFrontDoor(look),
  ]);
  return {
    inside,
    apiservers: inside?.apiservers ?? [],
    nodes: inside?.nodes ?? [],
    controllers,
    etcd: etcd.members,
    etcdClusterVersion: etcd.clusterVersion,
    frontDoorAnswers,
  };
}

function whyUnreachable(unknowns: readonly string[]): string {
  return unknowns.filter((says) => says.startsWith('apiserver ')).join('; ') || 'no apiserver answers';
}

/** An apiserver of ours shows the certificate that we made for it; one of somebody else's cannot be looked at from here. */
function certificateNotAfter({ secrets }: KubernetesCluster): Instant | null {
  const certificate = secrets['apiserver.crt'];
  if (certificate === undefined) return null;
  try {
    return new Date(new X509Certificate(certificate).validTo).toISOString();
  } catch {
    return null;
  }
}
