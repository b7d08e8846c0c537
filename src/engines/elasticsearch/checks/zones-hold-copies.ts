import type { ElasticsearchSpec, SeenElasticsearch } from '../../../domain/index.ts';
import { type EsCheck, type Found, passedUnless, policy } from './check.ts';

const attributesSetting = 'cluster.routing.allocation.awareness.attributes';
const indicesShown = 20;

/** A zone is taken whole only where every shard has a copy in another; where not, its members go one by one. */
export const zonesHoldCopies: EsCheck = {
  id: 'es.zones-hold-copies',
  asks: 'Has every shard copies in more than one zone, so that a whole zone can be taken at a time?',
  scope: 'first-hop',
  run: ({ cluster, seen }) => {
    const { spec } = cluster;
    const { awarenessAttribute } = spec;
    if (awarenessAttribute === null) return { kind: 'not-applicable', because: 'no zones are declared' };
    const zones = new Set(spec.nodes.map((node) => node.zone));
    if (zones.size < 2) return { kind: 'not-applicable', because: 'every member is in the same zone' };
    return passedUnless([
      ...withoutZone(spec),
      ...notToldApart(seen, awarenessAttribute),
      ...inOneZone(seen, new Map(spec.nodes.map((node) => [node.name, node.zone]))),
    ]);
  },
};

function withoutZone(spec: ElasticsearchSpec): readonly Found[] {
  return spec.nodes
    .filter((node) => node.zone === null)
    .map((node) =>
      policy(
        `node ${node.name}`,
        `${node.name} has no zone, so members are taken one by one.`,
        'Declare its zone, and set it as an attribute of the node.',
      ),
    );
}

function notToldApart(seen: SeenElasticsearch, attribute: string): readonly Found[] {
  const told =
    seen.transientSettings[attributesSetting] ??
    seen.persistentSettings[attributesSetting] ??
    seen.nodes[0]?.settings[attributesSetting] ??
    '';
  if (told.split(',').some((name) => name.trim() === attribute)) return [];
  return [
    policy(
      `setting ${attributesSetting}`,
      `The cluster is not told to keep copies apart by ${attribute}.`,
      `PUT /_cluster/settings with the persistent ${attributesSetting}: "${attribute}".`,
    ),
  ];
}

function inOneZone(seen: SeenElasticsearch, zoneOfMember: ReadonlyMap<string, string | null>): readonly Found[] {
  const zoneOf = new Map(seen.nodes.map((node) => [node.nodeId, zoneOfMember.get(node.name) ?? null]));
  const zonesOfShard = new Map<string, Set<string | null>>();
  for (const copy of seen.shards.filter((candidate) => candidate.nodeId !== null)) {
    const shard = `${copy.index}/${copy.shard}`;
    const zones = zonesOfShard.get(shard) ?? new Set();
    zonesOfShard.set(shard, zones.add(zoneOf.get(copy.nodeId ?? '') ?? null));
  }
  const indices = [
    ...new Set([...zonesOfShard].filter(([, zones]) => zones.size < 2).map(([shard]) => shard.split('/')[0] ?? '')),
  ];
  const more = indices.length > indicesShown ? ` and ${indices.length - indicesShown} more` : '';
  if (indices.length === 0) return [];
  return [
    policy(
      `index ${indices[0]}`,
      `Shards of ${indices.slice(0, indicesShown).join(', ')}${more} have all their copies in one zone, whose members are then taken one by one.`,
      'Give them a replica, and let the cluster spread it.',
    ),
  ];
}
