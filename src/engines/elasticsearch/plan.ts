import {
  type Catalog,
  type Cluster,
  type Hop,
  majorOf,
  type Observation,
  type PlanHop,
  type SeenElasticsearch,
  showRelease,
} from '../../domain/index.ts';
import { runs } from './decide/situation.ts';
import { waveCandidates } from './waves.ts';

/**
 * Seconds from a member's stop to settled again, by major of the release it starts, on a calm machine with small
 * indices (measured on three nodes; 8 and newer start two JVMs).
 */
const secondsPerWave = { upTo7: 10, from8: 20 } as const;
/** Each further member of a wave starts on the same processors, more or less. */
const secondsPerFurtherMember = 6;

/** Waves, doors and times of each hop as they are expected now; what really happens is decided wave by wave. */
export function planHops(
  cluster: Cluster,
  _catalog: Catalog,
  observation: Observation<SeenElasticsearch>,
  route: readonly Hop[],
): readonly PlanHop[] {
  const seen = observation.cluster.kind === 'seen' ? observation.cluster.seen : null;
  return route.map((hop, index) => {
    const members = cluster.spec.nodes
      .filter((spec) => index > 0 || !isThere(observation, spec.name, hop))
      .map((spec) => ({
        spec,
        elected: seen?.nodes.some((node) => node.name === spec.name && node.nodeId === seen.masterNodeId) ?? false,
      }));
    const waves = waveCandidates(members, cluster.spec.awarenessAttribute).map((wave) => wave.map((member) => member.spec.name));
    const last = waves.at(-1)?.join(', ');
    return {
      hop,
      waves,
      estimateSeconds: waves.reduce((sum, wave) => sum + secondsOf(hop, wave.length), 0),
      oneWayDoors: hop.oneWayDoors.map((door) => (last === undefined ? door : `${door} That is passed when ${last} is taken.`)),
    };
  });
}

function isThere(observation: Observation<SeenElasticsearch>, name: string, hop: Hop): boolean {
  const running = observation.members.find((member) => member.name === name)?.running ?? null;
  return running !== null && runs(running, hop.to);
}

function secondsOf(hop: Hop, size: number): number {
  const first = majorOf(hop.to.version) >= 8 ? secondsPerWave.from8 : secondsPerWave.upTo7;
  return first + (size - 1) * secondsPerFurtherMember;
}

/** What an upgrade touches, said before it starts. */
export function touches(cluster: Cluster, route: readonly Hop[]): readonly string[] {
  const names = cluster.spec.nodes.map((node) => node.name).join(', ');
  const restarts = route.map((hop) => `${names} are stopped and started at ${showRelease(hop.to)}, a wave at a time.`);
  const ours = cluster.spec.nodes.filter((node) => node.settingsFileOwner === 'clusterlift').map((node) => node.name);
  return [
    ...restarts,
    'cluster.routing.allocation.enable is set to primaries while a wave is away, and put back to its owner’s value after it.',
    'cluster.routing.rebalance.enable is set to none until the end, and put back then.',
    ...(ours.length > 0 ? [`elasticsearch.yml of ${ours.join(', ')} is written anew for each release.`] : []),
  ];
}
