import type { CreateResult, NewCluster } from '../../../control/index.ts';
import { catalogRelease, type ElasticsearchNodeSpec, type ElasticsearchRole } from '../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, type Operation, reply } from '../call.ts';
import { type ApiError, fail } from '../errors.ts';
import { shown } from '../text.ts';
import { kernelId, targetOf } from '../translate/version.ts';
import { clientTokenOf, hashOf, isError, textOf, wholeOf } from './parameters.ts';
import { type NewToken, onceOnly, tokenOf } from './replay.ts';
import { readTags } from './tags.ts';

/** Each node is a process of the server's own machine; the API's own range is 2 to 50. */
const nodeLimits = { min: 2, max: 9 };
const zoneLimits = { min: 1, max: 3 };
const heapLimits = { min: 128, max: 31 * 1024 };
const usualHeapMb = 512;
/** Tags that say what this API has no parameter for. */
const heapTag = 'clusterlift:heap-mb';
const kernelTag = 'clusterlift:kernel';
const gateTag = 'clusterlift:gate';
const descriptionMax = 128;

/** Makes a real cluster of processes on the server's own machine. */
export const createInstance: Operation = async (parts, call) => {
  const token = clientTokenOf(call);
  if (isError(token)) return token;
  // Nothing made from the password is stored but the sealed password itself.
  const { esAdminPassword: _, ...parameters } = call.body.members;
  const request = { operation: 'createInstance', instanceId: '', token, parameters };
  return onceOnly(parts, call, request, async () => {
    const cluster = readNewInstance(parts, call);
    if (isError(cluster)) return cluster;
    const id = idOfToken(tokenOf(parts, call, request));
    const named = id === null ? cluster : { ...cluster, id, name: id };
    const result = await parts.control.createCluster(call.caller, named);
    if (result.kind === 'name-taken' && id !== null && (await parts.control.getCluster(call.caller, id)) !== undefined)
      return reply({ instanceId: id });
    return answerOf(result);
  });
};

/** The same request makes the same instance, even when two of them run at once or the answer to the first was never stored. */
function idOfToken(token: NewToken | null): string | null {
  if (token === null) return null;
  const digest = hashOf({ scope: token.scope, token: token.token, parameters: token.parameters });
  return `es-cn-${BigInt(`0x${digest}`).toString(36).padStart(50, '0').slice(-16)}`;
}

function answerOf(result: CreateResult): Answer {
  if (result.kind === 'creating') return reply({ instanceId: result.cluster.id });
  return fail('CreateInstanceRefused', result.kind === 'refused' ? result.because.join(' ') : 'The name is taken.');
}

export function readNewInstance(parts: FaceParts, call: Call): NewCluster | ApiError {
  const { members } = call.body;
  const version = textOf(call, 'esVersion');
  if (isError(version)) return version;
  if (version === undefined) return fail('MissingParameter', 'esVersion is mandatory, such as 6.7_with_X-Pack.');
  const target = targetOf(parts.catalog, { version: '0', build: null }, version, 'engineVersion');
  if (target.kind !== 'target') return fail('InvalidParameter', `esVersion: ${target.says}`);
  if (members.nodeAmount === undefined) return fail('MissingParameter', 'nodeAmount is mandatory.');
  const nodeAmount = wholeOf(members.nodeAmount, 'nodeAmount', nodeLimits);
  if (isError(nodeAmount)) return { ...nodeAmount, says: `${nodeAmount.says} Nodes are processes of one machine here.` };
  const zones = wholeOf(members.zoneCount ?? 1, 'zoneCount', zoneLimits);
  if (isError(zones)) return zones;
  const description = textOf(call, 'description');
  if (isError(description)) return description;
  if ((description ?? '').length > descriptionMax)
    return fail('InvalidParameter', `description has at most ${descriptionMax} characters.`);
  const password = textOf(call, 'esAdminPassword');
  if (isError(password)) return password;
  const tags = readTags(members.tags ?? []);
  if (isError(tags)) return tags;
  const heapMb = wholeOf(tags[heapTag] ?? usualHeapMb, `the tag ${heapTag}`, heapLimits);
  if (isError(heapMb)) return heapMb;
  const build = kernelOf(parts, target.to.version, tags[kernelTag]);
  if (isError(build)) return build;
  const masters = dedicatedMasters(members.masterConfiguration);
  if (isError(masters)) return masters;
  const nodes = nodesOf({ nodeAmount, masters, zones, heapMb, region: parts.defaultRegion });
  const name = `es-${parts.newId()}`;
  return {
    name,
    description: description ?? '',
    region: parts.defaultRegion,
    tags,
    secrets: password === undefined ? {} : { password },
    spec: {
      kind: 'elasticsearch',
      clusterName: name,
      release: { version: target.to.version, build },
      nodes,
      settings: {},
      awarenessAttribute: zones > 1 ? 'zone' : null,
      bindAddress: '127.0.0.1',
      repositoryPath: null,
      username: null,
      hooks: { preStop: null, postStart: null },
      gateAfterFirstMember: tags[gateTag] === 'first-member',
    },
  };
}

function kernelOf(parts: FaceParts, version: string, wanted: string | undefined): string | null | ApiError {
  if (wanted === undefined) return null;
  const build = kernelId(wanted);
  const known = catalogRelease(parts.catalog, version)?.builds.some((one) => one.id === build) ?? false;
  return known
    ? build
    : fail('InvalidParameter', `The tag ${kernelTag} names a kernel that ${version} does not have: "${shown(wanted)}".`);
}

/** 0, or as many as `masterConfiguration.amount` says. */
function dedicatedMasters(value: unknown): number | ApiError {
  if (typeof value !== 'object' || value === null) return 0;
  const { amount } = value as { readonly amount?: unknown };
  if (amount === undefined || amount === null || amount === 0) return 0;
  return wholeOf(amount, 'masterConfiguration.amount', { min: 3, max: 5 });
}

interface Layout {
  readonly nodeAmount: number;
  readonly masters: number;
  readonly zones: number;
  readonly heapMb: number;
  readonly region: string;
}

/** More would vote on every change and make no quorum safer; one a zone lets a zone be taken at a time. */
const votingNodes = 3;

/** Nodes dealt out over the zones in turn. Ports are left to be found (0). */
function nodesOf({ nodeAmount, masters, zones, heapMb, region }: Layout): readonly ElasticsearchNodeSpec[] {
  const node = (name: string, index: number, roles: readonly ElasticsearchRole[]): ElasticsearchNodeSpec => ({
    name,
    host: 'local',
    url: '',
    httpPort: 0,
    transportPort: 0,
    zone: zones > 1 ? `${region}-${'abc'[index % zones]}` : null,
    roles,
    heapMb,
    settingsFileOwner: 'clusterlift',
    folders: null,
  });
  const rolesOf = (index: number): readonly ElasticsearchRole[] =>
    masters > 0 || index >= votingNodes ? ['data', 'ingest'] : ['master', 'data', 'ingest'];
  return [
    ...Array.from({ length: nodeAmount }, (_, index) => node(`es-${index + 1}`, index, rolesOf(index))),
    ...Array.from({ length: masters }, (_, index) => node(`master-${index + 1}`, index, ['master'])),
  ];
}
