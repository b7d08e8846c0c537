import {
  type ElasticsearchCatalog,
  type ElasticsearchCluster,
  type Hop,
  majorOf,
  type Observation,
  type PlanHop,
  type SeenElasticsearch,
  showRelease,
} from '../../domain/index.ts';
import { runs } from './decide/situation.ts';
import { waveSeconds } from './pace.ts';
import { waveCandidates } from './waves.ts';

/** Waves, doors and times of each hop as they are expected now; what really happens is decided wave by wave. */
export function planHops(
  cluster: ElasticsearchCluster,
  _catalog: ElasticsearchCatalog,
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
    return {
      hop,
      waves,
      estimateSeconds: waves.reduce((sum, wave) => sum + waveSeconds(hop.to.version, wave.length), 0),
      oneWayDoors: doorsOf(hop, waves),
    };
  });
}

function isThere(observation: Observation<SeenElasticsearch>, name: string, hop: Hop): boolean {
  const running = observation.members.find((member) => member.name === name)?.running ?? null;
  return running !== null && runs(running, hop.to);
}

/** Each door with the member that passes it. */
function doorsOf(hop: Hop, waves: PlanHop['waves']): readonly string[] {
  const first = waves[0]?.join(', ');
  const last = waves.at(-1)?.join(', ');
  if (first === undefined || last === undefined) return hop.oneWayDoors;
  const passed =
    hop.doorsPassedBy === 'each-member' && first !== last
      ? `Each member passes that for itself, ${first} first and ${last} last.`
      : `That is passed when ${last} is taken.`;
  return hop.oneWayDoors.map((door) => `${door} ${passed}`);
}

/** What an upgrade touches, said before it starts. */
export function touches(cluster: ElasticsearchCluster, route: readonly Hop[]): readonly string[] {
  const { nodes, hooks } = cluster.spec;
  const names = nodes.map((node) => node.name).join(', ');
  const ours = nodes.filter((node) => node.settingsFileOwner === 'clusterlift').map((node) => node.name);
  const theirs = nodes.filter((node) => node.settingsFileOwner === 'owner').map((node) => node.name);
  const commands = [
    ...(hooks.preStop === null ? [] : ['the pre-stop hook before it is stopped']),
    ...(hooks.postStart === null ? [] : ['the post-start hook after it has joined']),
  ];
  return [
    ...route.map((hop) => `${names} are stopped and started at ${showRelease(hop.to)}, a wave at a time.`),
    'cluster.routing.allocation.enable is set to primaries while a wave is away, and put back to its owner’s value after it.',
    'cluster.routing.rebalance.enable is set to none until the end, and put back then.',
    'Indices are flushed before each wave.',
    ...(commands.length > 0 ? [`On each member’s host: ${commands.join(', ')}.`] : []),
    ...(ours.length > 0 ? [`elasticsearch.yml of ${ours.join(', ')} is written anew for each release.`] : []),
    ...(theirs.length > 0 && route.some((hop) => majorOf(hop.to.version) < 8)
      ? [
          `Up to 7, ${theirs.join(', ')} start with the declared heap and the JVM options that they had when they were registered: jvm.options is read from 8 on.`,
        ]
      : []),
    ...(cluster.origin === 'registered'
      ? [
          'JVM options that a node had when it was registered are left out where Java 17 no longer knows them (of the collector CMS, of its logs) or they hold blanks.',
        ]
      : []),
  ];
}
