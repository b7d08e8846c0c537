import type { NodegroupEnd } from '../../../../control/index.ts';
import type { NewNodegroup } from '../../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, type Json, type Operation, reply } from '../../call.ts';
import { type About, type ApiError, fail, isError } from '../../errors.ts';
import { taintOf } from '../../translate/nodegroup.ts';
import { readCreateNodegroup } from '../../wire/nodegroup.ts';
import { inProgress } from '../in-progress.ts';
import { type EksView, noCluster, viewOf } from '../own-cluster.ts';
import { tagTrouble } from '../tag-rules.ts';
import { clientTokenOf, hashOf, tokenMismatch } from '../tokens.ts';
import { nodegroupNamed, nodegroupNameTrouble, noNodegroup, shownNodegroup } from './own-nodegroup.ts';
import { wantedRelease } from './release.ts';
import { labelTrouble, maxUnavailableOf, scalingTrouble, taintTrouble, updateConfigTrouble, usualScaling } from './rules.ts';

type Request = Exclude<ReturnType<typeof readCreateNodegroup>, ApiError>;

const usualFace = {
  amiType: 'AL2023_x86_64_STANDARD',
  capacityType: 'ON_DEMAND',
  diskSize: 20,
  instanceTypes: ['t3.medium'],
} as const;

/** Nodes come up behind; the group is CREATING until they are ready. */
export const createNodegroup: Operation = async (parts, call) => {
  const token = clientTokenOf(call);
  if (isError(token)) return token;
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const request = readCreateNodegroup(call.body);
  if (isError(request)) return { ...request, about: { clusterName: view.cluster.name } };
  const about = { clusterName: view.cluster.name, nodegroupName: request.nodegroupName };
  const { clientRequestToken: _, ...parameters } = call.body;
  const first = { clientRequestToken: token, requestHash: hashOf(parameters) };
  const before = await replay(parts, call, request.nodegroupName, first);
  if (before !== null) return before;
  const wanted = wantedNodegroup(parts, view, request, first, about);
  if (isError(wanted)) return wanted;
  if (view.cluster.spec.nodegroups.some(({ name }) => name === wanted.name)) return exists(about);
  const end = await parts.control.addNodegroup(call.caller, view.cluster.id, wanted);
  const raced = end.kind === 'exists' ? await replay(parts, call, wanted.name, first) : null;
  if (end.kind !== 'changed') return raced ?? refusal(end, view, about);
  const made = await nodegroupNamed(parts, call, wanted.name);
  return isError(made) ? made : reply({ nodegroup: await shownNodegroup(parts, call, made) });
};

interface First {
  readonly clientRequestToken: string | null;
  readonly requestHash: string;
}

/** A group carries the token of the request that made it: a repeated request is answered with what has become of it. */
async function replay(parts: FaceParts, call: Call, name: string, first: First): Promise<Answer | null> {
  if (first.clientRequestToken === null) return null;
  const own = await nodegroupNamed(parts, call, name);
  if (isError(own) || own.found.group.face.clientRequestToken !== first.clientRequestToken) return null;
  if (own.found.group.face.requestHash !== first.requestHash) return tokenMismatch();
  return reply({ nodegroup: await shownNodegroup(parts, call, own) });
}

function exists(about: About): ApiError {
  const says = `NodeGroup already exists with name ${about.nodegroupName} and cluster name ${about.clusterName}`;
  return fail('ResourceInUseException', says, about);
}

export function refusal(end: Exclude<NodegroupEnd, { kind: 'changed' }>, view: EksView, about: About): ApiError {
  switch (end.kind) {
    case 'not-found':
      return noCluster(view.cluster.name, 'of-the-cluster');
    case 'exists':
      return exists(about);
    case 'no-such-group':
      return noNodegroup(about);
    case 'upgrade-unfinished':
      return { ...inProgress('ConfigUpdate', view.cluster.name, view.upgrade), about };
    case 'refused':
      return fail('InvalidRequestException', end.because.join(' '), about);
  }
}

function wantedNodegroup(parts: FaceParts, view: EksView, request: Request, first: First, about: About): NewNodegroup | ApiError {
  const scaling = { ...usualScaling, ...request.scalingConfig };
  const updateConfig = request.updateConfig ?? { maxUnavailable: 1 };
  const labels = request.labels ?? {};
  const taints = request.taints ?? [];
  const tags = request.tags ?? {};
  const trouble =
    clusterTrouble(view, about) ??
    nodegroupNameTrouble(request.nodegroupName, view.cluster.name) ??
    machineTrouble(request, about) ??
    scalingTrouble(scaling, about) ??
    updateConfigTrouble(updateConfig, about) ??
    labelTrouble(labels, about) ??
    taintTrouble(taints, about) ??
    tagTrouble(tags, 'InvalidParameterException');
  if (trouble !== null) return trouble;
  const release = wantedRelease(parts, view.release, request, about);
  if (isError(release)) return release;
  return {
    name: request.nodegroupName,
    release,
    size: scaling.desiredSize,
    minSize: scaling.minSize,
    maxSize: scaling.maxSize,
    maxUnavailable: maxUnavailableOf(updateConfig, scaling.desiredSize),
    labels,
    taints: taints.map(taintOf),
    tags,
    face: { ...faceOf(request), updateConfig, ...first, id: parts.newId() },
  };
}

function clusterTrouble({ cluster, status }: EksView, about: About): ApiError | null {
  if (cluster.origin !== 'created')
    return fail('InvalidRequestException', `Cluster '${cluster.name}' is registered: its nodes are its owner's.`, about);
  const serves = (status === 'active' || status === 'stopped') && cluster.deleteAfter === null;
  return serves ? null : fail('InvalidRequestException', `Cluster '${cluster.name}' is not in ACTIVE status`, about);
}

/** There are no machines here; what is said of them must still make sense. */
function machineTrouble(request: Request, about: About): ApiError | null {
  const refuse = (says: string) => fail('InvalidParameterException', says, about);
  const { nodeRole, subnets, launchTemplate, warmPoolConfig } = request;
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(nodeRole)) return refuse(`Invalid Role Arn: '${nodeRole}'`);
  if (subnets.length === 0) return refuse('subnets must name at least one subnet.');
  if (warmPoolConfig?.enabled === true) return refuse('Warm pools are not offered here.');
  if (launchTemplate === undefined) return null;
  if (launchTemplate.id === undefined && launchTemplate.name === undefined)
    return refuse('A launch template is named by its id or by its name.');
  if (launchTemplate.id !== undefined && launchTemplate.name !== undefined)
    return refuse('A launch template is named by its id or by its name, not by both.');
  if (request.diskSize !== undefined) return refuse('Disk size must be specified within the launch template.');
  if (request.remoteAccess !== undefined)
    return refuse('Remote access configuration cannot be specified with a launch template.');
  return null;
}

/** What is given back as it was told. */
function faceOf(request: Request): Json {
  const { subnets, nodeRole, amiType, capacityType, instanceTypes, diskSize, remoteAccess, launchTemplate } = request;
  const told = { amiType, capacityType, instanceTypes, diskSize, remoteAccess, launchTemplate, subnets, nodeRole };
  const { nodeRepairConfig } = request;
  const usual = launchTemplate === undefined ? usualFace : { amiType: usualFace.amiType, capacityType: usualFace.capacityType };
  const given = Object.entries({ ...told, nodeRepairConfig }).filter(([, value]) => value !== undefined);
  return { ...usual, ...Object.fromEntries(given) };
}
