import { changesWhatItIs, sayingWhatItIs, simulatedTagFixed } from '../../../domain/index.ts';
import { type Call, type FaceParts, type Operation, queryValue, reply } from '../call.ts';
import { type ApiError, fail } from '../errors.ts';
import { isReadable } from '../text.ts';
import { isError } from './parameters.ts';

const tagsMax = 20;
/** Ids or keys in one request. */
const listMax = 50;
const keyMax = 128;
const valueMax = 256;
const every = '*';
const resourceType = 'ALIYUN::ELASTICSEARCH::INSTANCE';

/** `[{tagKey, tagValue}]`, or with the names `key` and `value`. */
export function readTags(value: unknown): Tags | ApiError {
  if (!Array.isArray(value)) return fail('InvalidParameter', 'tags must be a list of {tagKey, tagValue}.');
  const tags = new Map<string, string>();
  for (const item of value) {
    const {
      tagKey,
      tagValue,
      key,
      value: plain,
    } = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
    const name = tagKey ?? key;
    const text = tagValue ?? plain ?? '';
    if (typeof name !== 'string' || name === '' || name.length > keyMax || typeof text !== 'string' || text.length > valueMax)
      return fail('InvalidParameter', `A tag has a key of 1 to ${keyMax} and a value of at most ${valueMax} characters.`);
    tags.set(name, text);
  }
  if (tags.size > tagsMax) return fail('InvalidParameter', `An instance has at most ${tagsMax} tags.`);
  return Object.fromEntries(tags);
}

export const tagResources: Operation = async (parts, call) => {
  const ids = instancesInBody(call);
  if (isError(ids)) return ids;
  const tags = readTags(call.body.members.Tags ?? []);
  if (isError(tags)) return tags;
  return changeTags(parts, call, ids, (before) => ({ ...before, ...tags }));
};

export const untagResources: Operation = async (parts, call) => {
  const ids = instancesInQuery(call);
  if (isError(ids)) return ids;
  const all = queryValue(call, 'All')?.toLowerCase() === 'true';
  const keys = textsFromQuery(call, 'TagKeys');
  if (!all && isError(keys)) return keys;
  // Whoever takes all of them means those that can be taken.
  return changeTags(parts, call, ids, (before) =>
    all
      ? sayingWhatItIs(before, {})
      : Object.fromEntries(Object.entries(before).filter(([key]) => isError(keys) || !keys.includes(key))),
  );
};

export const listTagResources: Operation = async (parts, call) => {
  const ids = listedInstances(call);
  if (isError(ids)) return ids;
  const tags = tagsFromQuery(call, 'Tags');
  if (isError(tags)) return tags;
  const clusters = await parts.control.listClusters(call.caller);
  const rows = clusters
    .filter((cluster) => (ids[0] === every || ids.includes(cluster.id)) && hasTags(cluster.tags, tags))
    .flatMap((cluster) =>
      Object.entries(cluster.tags).map(([TagKey, TagValue]) => ({
        ResourceId: cluster.id,
        ResourceType: resourceType,
        TagKey,
        TagValue,
      })),
    );
  return reply(undefined, {
    TagResources: { TagResource: rows },
    PageSize: rows.length,
    Headers: { 'X-Total-Count': rows.length },
  });
};

export function instancesInBody(call: Call): readonly string[] | ApiError {
  return texts(call.body.members.ResourceIds, 'ResourceIds');
}

export function instancesInQuery(call: Call): readonly string[] | ApiError {
  return textsFromQuery(call, 'ResourceIds');
}

/** A list that names none is one of all. */
export function listedInstances(call: Call): readonly string[] | ApiError {
  return queryValue(call, 'ResourceIds') === undefined ? [every] : instancesInQuery(call);
}

export type Tags = Readonly<Record<string, string>>;

export function hasTags(tags: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([key, value]) => tags[key] === value);
}

/** A JSON list of tags in a query value; none where it is missing. */
export function tagsFromQuery(call: Call, name: string): Tags | ApiError {
  const text = queryValue(call, name) ?? '';
  if (text === '') return {};
  try {
    return readTags(JSON.parse(text));
  } catch {
    return fail('InvalidParameter', `${name} must be a JSON list of {tagKey, tagValue}.`);
  }
}

/** All of them or none: an id that does not exist is found before anything is changed. */
async function changeTags(parts: FaceParts, call: Call, ids: readonly string[], change: (before: Tags) => Tags) {
  const clusters = await Promise.all(ids.map((id) => parts.control.getCluster(call.caller, id)));
  const after = clusters.map((cluster) => (cluster === undefined ? null : change(cluster.tags)));
  if (after.includes(null)) return fail('InstanceNotFound');
  if (clusters.some((cluster, index) => changesWhatItIs(cluster?.tags ?? {}, after[index] ?? {})))
    return fail('InvalidParameter', simulatedTagFixed);
  if (after.some((tags) => Object.keys(tags ?? {}).length > tagsMax))
    return fail('InvalidParameter', `An instance has at most ${tagsMax} tags.`);
  const unheeded = await Promise.all(ids.map((id, index) => parts.control.tagTroubles(call.caller, id, after[index] ?? {})));
  if (unheeded.some((says) => says.length > 0)) return fail('InvalidParameter', [...new Set(unheeded.flat())].join(' '));
  for (const [index, id] of ids.entries()) await parts.control.changeCluster(call.caller, id, { tags: { ...after[index] } });
  return reply(true);
}

/** A JSON list of texts in a query value; a single text stands for itself. */
function textsFromQuery(call: Call, name: string): readonly string[] | ApiError {
  const text = queryValue(call, name) ?? '';
  if (!text.trimStart().startsWith('[')) return texts(text === '' ? undefined : [text], name);
  try {
    return texts(JSON.parse(text), name);
  } catch {
    return fail('InvalidParameter', `${name} must be a JSON list of texts.`);
  }
}

function texts(value: unknown, name: string): readonly string[] | ApiError {
  if (value === undefined || value === null) return fail('MissingParameter', `${name} is mandatory.`);
  if (!Array.isArray(value) || value.length === 0 || value.length > listMax)
    return fail('InvalidParameter', `${name} must be a list of 1 to ${listMax} texts.`);
  if (!value.every((item) => typeof item === 'string' && isReadable(item)))
    return fail('InvalidParameter', `${name} must be a list of texts.`);
  return value;
}
