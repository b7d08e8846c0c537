import { majorOf } from '../../../domain/index.ts';
import { closeIndex, createIndex, dataNodesOf, deleteIndex, flatten, lowestMemberVersion, openIndex } from '../world/index.ts';
import { type Answer, failure, type Handler, indexNotFound, noMaster, ok, record } from './answer.ts';
import { resolveIndices } from './names.ts';

/** Five shards up to 6, one from 7 on. */
const defaultShards = (version: string) => (majorOf(version) >= 7 ? 1 : 5);

export const putIndex: Handler = (call, site): Answer => {
  const name = call.path[0] ?? '';
  const { cluster, world } = site;
  if (cluster.masterNodeId === null) return noMaster();
  const version = lowestMemberVersion(world, cluster);
  const there = majorOf(version) <= 5 ? 'index_already_exists_exception' : 'resource_already_exists_exception';
  if (cluster.indices.has(name)) return failure(400, there, `index [${name}] already exists`);
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

export const removeIndex: Handler = (call, { cluster, node, moment }) => {
  const found = resolveIndices(cluster, call.path[0]);
  if (found.missing !== null) return indexNotFound(found.missing, node.release.version);
  for (const index of found.indices) deleteIndex(cluster, index.name, moment());
  return ok({ acknowledged: true });
};

/** `_close` and `_open`. */
export const switchIndex: Handler = (call, { world, cluster, node, moment }) => {
  const found = resolveIndices(cluster, call.path[0]);
  if (found.missing !== null) return indexNotFound(found.missing, node.release.version);
  for (const index of found.indices) {
    if (call.path[1] === '_close') closeIndex(cluster, index, lowestMemberVersion(world, cluster), moment());
    else openIndex(cluster, index, moment());
  }
  return ok({ acknowledged: true });
};

function withPrefix(settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name.startsWith('index.') ? name : `index.${name}`, value]),
  );
}
