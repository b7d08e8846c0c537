import { majorOf } from '../../../domain/index.ts';
import { createIndex, dataNodesOf, deleteIndex, flatten, lowestMemberVersion } from '../world/index.ts';
import { type Answer, failure, type Handler, indexNotFound, noMaster, ok, record } from './answer.ts';
import { resolveIndices } from './names.ts';

/** Five shards up to 6, one from 7 on. */
const defaultShards = (version: string) => (majorOf(version) >= 7 ? 1 : 5);

export const putIndex: Handler = (call, site): Answer => {
  const name = call.path[0] ?? '';
  const { cluster, world } = site;
  if (cluster.masterNodeId === null) return noMaster();
  if (cluster.indices.has(name)) return failure(400, 'resource_already_exists_exception', `index [${name}] already exists`);
  const version = lowestMemberVersion(world, cluster);
  const { settings, mappings, aliases } = record(call.body);
  createIndex(
    cluster,
    {
      name,
      createdVersion: version,
      settings: withPrefix(flatten(settings)),
      mappings: record(mappings),
      aliases: record(aliases) as Record<string, Record<string, unknown>>,
    },
    defaultShards(version),
    dataNodesOf(world, cluster).length,
    site.moment(),
  );
  return ok({ acknowledged: true, shards_acknowledged: true, index: name });
};

export const removeIndex: Handler = (call, { cluster, moment }) => {
  const found = resolveIndices(cluster, call.path[0]);
  if (found.missing !== null) return indexNotFound(found.missing);
  for (const index of found.indices) deleteIndex(cluster, index.name, moment());
  return ok({ acknowledged: true });
};

function withPrefix(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name.startsWith('index.') ? name : `index.${name}`, value]),
  );
}
