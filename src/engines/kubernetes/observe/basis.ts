import { compareVersions, type Observation, type Release, type SeenKubernetes, showRelease } from '../../../domain/index.ts';
import { minorOf } from '../minors.ts';

/** The lowest release among apiservers, controller managers and schedulers; null while no apiserver tells its own. */
export function releaseOf(observation: Observation<SeenKubernetes>): Release | null {
  return releasesOf(observation)[0] ?? null;
}

/** The newest among them. */
export function newestOf(observation: Observation<SeenKubernetes>): Release | null {
  return releasesOf(observation).at(-1) ?? null;
}

/** By patch; empty while no apiserver tells its own. */
function releasesOf({ cluster, members }: Observation<SeenKubernetes>): readonly (Release | null)[] {
  if (cluster.kind !== 'seen' || cluster.seen.apiservers.length === 0) return [];
  const { apiservers, controllers } = cluster.seen;
  return [...apiservers, ...controllers]
    .sort((a, b) => compareVersions(a.version, b.version))
    .map((one) => members.find(({ name }) => name === one.name)?.running ?? null);
}

/** Who there is and what each runs, the cluster's own id first: a plan made from it holds as long as this is the same. */
export function basisOf(observation: Observation<SeenKubernetes>): string {
  const seen = observation.cluster.kind === 'seen' ? observation.cluster.seen : null;
  const uid = seen?.clusterUid || 'unreachable';
  const members = observation.members.map(({ name, running, joined }) => {
    const apiserver = seen?.apiservers.find((candidate) => candidate.name === name);
    const emulates =
      apiserver === undefined || apiserver.emulated === null || apiserver.emulated === minorOf(apiserver.version)
        ? ''
        : ` as ${apiserver.emulated}`;
    return `${name}=${running === null ? (joined === null ? 'away' : 'there') : showRelease(running)}${emulates}`;
  });
  return [uid, ...members].join(' ');
}

/** The id of the cluster that a basis was made from; null where it had none. */
export function clusterOfBasis(basis: string): string | null {
  const [uid] = basis.split(' ');
  return uid === undefined || uid === '' || uid === 'unreachable' ? null : uid;
}
