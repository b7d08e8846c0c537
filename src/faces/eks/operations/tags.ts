import { Type } from 'typebox';
import { type ClusterSpec, changesWhatItIs, type NodegroupSpec, simulatedTagFixed } from '../../../domain/index.ts';
import { readArn } from '../arn.ts';
import { type Answer, type Call, type FaceParts, type Operation, queryValues, reply } from '../call.ts';
import { type ApiError, fail, isError } from '../errors.ts';
import { shapeOf } from '../wire/shape.ts';
import { type EksView, viewByName } from './own-cluster.ts';
import { tagTrouble } from './tag-rules.ts';

const keysMax = 50;

type Tags = Readonly<Record<string, string>>;

const readTags = shapeOf(Type.Object({ tags: Type.Record(Type.String(), Type.String()) }));

/** Tags of a cluster or a node group may be changed while an update runs. */
export const tagResource: Operation = async (parts, call) => {
  const request = readTags(call.body);
  if (isError(request)) return fail('BadRequestException', request.says);
  if (Object.keys(request.tags).length === 0) return fail('BadRequestException', 'tags has at least one tag.');
  return changeTags(parts, call, (before) => ({ ...before, ...request.tags }));
};

export const untagResource: Operation = async (parts, call) => {
  const keys = queryValues(call, 'tagKeys');
  if (keys.length === 0 || keys.length > keysMax) return fail('BadRequestException', `tagKeys has 1 to ${keysMax} keys.`);
  return changeTags(parts, call, (before) => Object.fromEntries(Object.entries(before).filter(([key]) => !keys.includes(key))));
};

export const listTagsForResource: Operation = async (parts, call) => {
  const tagged = await taggedOf(parts, call);
  return isError(tagged) ? tagged : reply({ tags: tagged.tags });
};

interface Tagged {
  readonly view: EksView;
  /** Null: the cluster itself. */
  readonly nodegroup: string | null;
  readonly tags: Tags;
}

async function taggedOf(parts: FaceParts, call: Call): Promise<Tagged | ApiError> {
  const arn = call.path.resourceArn ?? '';
  const named = readArn(call.place, arn);
  if (named === null) return fail('BadRequestException', `Invalid ARN: ${arn}`);
  const missing = fail('NotFoundException', `No resource found for ARN: ${arn}`);
  if (named === 'elsewhere') return missing;
  const view = await viewByName(parts, call, named.cluster);
  if (view === undefined) return missing;
  if (named.kind === 'cluster') return { view, nodegroup: null, tags: view.cluster.tags };
  const isNamed = ({ name, face }: NodegroupSpec) => name === named.nodegroup && String(face.id ?? '') === named.id;
  const nodegroup = view.cluster.spec.nodegroups.find(isNamed);
  return nodegroup === undefined ? missing : { view, nodegroup: nodegroup.name, tags: nodegroup.tags };
}

async function changeTags(parts: FaceParts, call: Call, change: (before: Tags) => Tags): Promise<Answer> {
  const tagged = await taggedOf(parts, call);
  if (isError(tagged)) return tagged;
  const tags = change(tagged.tags);
  const fixed = changesWhatItIs(tagged.tags, tags) ? fail('BadRequestException', simulatedTagFixed) : null;
  const trouble = fixed ?? tagTrouble(tags, 'BadRequestException');
  if (trouble !== null) return trouble;
  const { view, nodegroup } = tagged;
  const { id } = view.cluster;
  if (nodegroup === null) {
    const unheeded = await parts.control.tagTroubles(call.caller, id, tags);
    if (unheeded.length > 0) return fail('BadRequestException', unheeded.join(' '));
    await parts.control.changeCluster(call.caller, id, { tags });
  } else await parts.control.changeSpec(call.caller, id, (spec) => withTags(spec, nodegroup, tags));
  return reply({});
}

/** Not a change of the group itself, which must wait while an update runs, and makes it a group that was complete before. */
function withTags(spec: ClusterSpec, nodegroup: string, tags: Tags): ClusterSpec | null {
  if (spec.kind !== 'kubernetes') return null;
  return { ...spec, nodegroups: spec.nodegroups.map((group) => (group.name === nodegroup ? { ...group, tags } : group)) };
}
