import { catalogBuild, defaultRelease, httpsEndpoint, type Release } from '../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, type Json, type Operation, type RequestedCluster, reply } from '../call.ts';
import { type ApiError, fail, isError } from '../errors.ts';
import { usualVpcConfig } from '../translate/cluster.ts';
import { readCreateCluster } from '../wire/cluster.ts';
import { shownCluster } from './clusters.ts';
import { enabledLogs } from './logging.ts';
import { isOffered, unsupportedVersion } from './offered.ts';
import { nameTrouble, viewByName } from './own-cluster.ts';
import { tagTrouble } from './tag-rules.ts';
import { clientTokenOf, hashOf, tokenMismatch } from './tokens.ts';

/** Tags that say what this API has no parameter for. */
const buildTag = 'clusterlift:platform-version';
const etcdTag = 'clusterlift:etcd-members';
const soakTag = 'clusterlift:soak-seconds';
const drainTag = 'clusterlift:drain-timeout-seconds';
const endpointTag = 'clusterlift:endpoint';
const soakMaxSeconds = 7 * 24 * 60 * 60;
const drainMaxSeconds = 24 * 60 * 60;

type NewCluster = Exclude<ReturnType<typeof readCreateCluster>, ApiError>;

/** Makes a real control plane on the server's own machine. */
export const createCluster: Operation = async (parts, call) => {
  const token = clientTokenOf(call);
  if (isError(token)) return token;
  const request = readCreateCluster(call.body);
  if (isError(request)) return request;
  const trouble = nameTrouble(request.name) ?? troubleIn(request);
  if (trouble !== null) return trouble;
  const { clientRequestToken: _, ...parameters } = call.body;
  const first = { clientRequestToken: token, requestHash: hashOf(parameters) };
  const before = await replay(parts, call, request.name, first);
  if (before !== null) return before;
  const wanted = wantedCluster(parts, request, first);
  if (isError(wanted)) return wanted;
  return make(parts, call, request, wanted, first);
};

interface First {
  readonly clientRequestToken: string | null;
  readonly requestHash: string;
}

/** A cluster carries the token of the request that made it: a repeated request is answered with what has become of it. */
async function replay(parts: FaceParts, call: Call, name: string, first: First): Promise<Answer | null> {
  if (first.clientRequestToken === null) return null;
  const view = await viewByName(parts, call, name);
  const { face } = view?.cluster.spec ?? {};
  if (view === undefined || face?.clientRequestToken !== first.clientRequestToken) return null;
  if (face.requestHash !== first.requestHash) return tokenMismatch();
  return reply({ cluster: await shownCluster(parts, call, view) });
}

async function make(parts: FaceParts, call: Call, request: NewCluster, wanted: RequestedCluster, first: First): Promise<Answer> {
  const result = await parts.control.createCluster(call.caller, {
    name: request.name,
    description: '',
    region: call.place.region,
    tags: request.tags ?? {},
    spec: parts.requestedSpec(wanted),
    secrets: {},
  });
  if (result.kind === 'refused')
    return fail('InvalidParameterException', result.because.join(' '), { clusterName: request.name });
  if (result.kind === 'name-taken')
    return (
      (await replay(parts, call, request.name, first)) ??
      fail('ResourceInUseException', `Cluster already exists with name: ${request.name}`, { clusterName: request.name })
    );
  const view = await viewByName(parts, call, request.name);
  if (view === undefined) return fail('ServerException', 'The cluster was removed while it was made.');
  return reply({ cluster: await shownCluster(parts, call, view) });
}

function troubleIn(request: NewCluster): ApiError | null {
  const wrong = (says: string) => fail('InvalidParameterException', says, { clusterName: request.name });
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(request.roleArn))
    return wrong(`Invalid Role Arn: '${request.roleArn}'`);
  if (request.kubernetesNetworkConfig?.ipFamily === 'ipv6') return wrong('Clusters of ipFamily ipv6 are not offered here.');
  if (request.outpostConfig !== undefined) return wrong('Clusters on Outposts are not offered here.');
  if (request.computeConfig?.enabled === true || request.storageConfig?.blockStorage?.enabled === true)
    return wrong('EKS Auto Mode is not offered here.');
  if (asksForComponentConfig(request)) return wrong('The configuration of control plane components is not offered here.');
  const cidr = request.kubernetesNetworkConfig?.serviceIpv4Cidr;
  if (cidr !== undefined && !isServiceCidr(cidr))
    return wrong(
      'serviceIpv4Cidr must be a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 with a netmask from /24 to /12.',
    );
  return tagTrouble(request.tags ?? {}, 'InvalidParameterException');
}

export function asksForComponentConfig(request: Json): boolean {
  return ['kubeApiServerConfig', 'kubeSchedulerConfig', 'kubeControllerManagerConfig'].some(
    (name) => request[name] !== undefined,
  );
}

/** What Kubernetes and EKS take: private, and aligned to its mask. */
function isServiceCidr(text: string): boolean {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (found === null) return false;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = found.slice(1).map(Number);
  if ([a, b, c, d].some((byte) => byte > 255) || bits < 12 || bits > 24) return false;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  if (address % 2 ** (32 - bits) !== 0) return false;
  return a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168 && bits >= 16);
}

function wantedCluster(parts: FaceParts, request: NewCluster, first: First): RequestedCluster | ApiError {
  const tags = request.tags ?? {};
  const version = request.version ?? parts.defaultVersion;
  if (!isOffered(parts, version)) return unsupportedVersion(request.name);
  const release = releaseOf(parts, version, tags[buildTag]);
  const etcd = tags[etcdTag] ?? '1';
  const soak = tags[soakTag] ?? null;
  const drain = tags[drainTag] ?? null;
  const wrong = (says: string) => fail('InvalidParameterException', says, { clusterName: request.name });
  if (release === null) return wrong(`The tag ${buildTag} names a platform version that ${version} does not have.`);
  if (etcd !== '1' && etcd !== '3') return wrong(`The tag ${etcdTag} must be 1 or 3.`);
  for (const [tag, value, most] of [[soakTag, soak, soakMaxSeconds] as const, [drainTag, drain, drainMaxSeconds] as const])
    if (value !== null && !(/^\d{1,6}$/.test(value) && Number(value) <= most))
      return wrong(`The tag ${tag} must be a number from 0 to ${most}.`);
  const endpoint = tags[endpointTag] === undefined ? undefined : httpsEndpoint(tags[endpointTag]);
  if (endpoint === null)
    return wrong(`The tag ${endpointTag} must be the https address of a balancer and no more, such as https://lb.example:6443.`);
  const serviceCidr = request.kubernetesNetworkConfig?.serviceIpv4Cidr;
  return {
    release,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(serviceCidr === undefined ? {} : { serviceCidr }),
    etcd: etcd === '3' ? 3 : 1,
    ...(soak === null ? {} : { soakMs: Number(soak) * 1000 }),
    ...(drain === null ? {} : { drainTimeoutMs: Number(drain) * 1000 }),
    face: faceOf(request, first),
  };
}

function releaseOf({ catalog }: FaceParts, version: string, build: string | undefined): Release | null {
  if (build === undefined) return defaultRelease(catalog, version);
  return catalogBuild(catalog, { version, build }) === undefined ? null : { version, build };
}

/** What is given back as it was told. */
function faceOf(request: NewCluster, first: First): Json {
  const { roleArn, resourcesVpcConfig, encryptionConfig, upgradePolicy, zonalShiftConfig, remoteNetworkConfig } = request;
  const { accessConfig, deletionProtection, controlPlaneScalingConfig, bootstrapSelfManagedAddons } = request;
  const told = {
    ...{ roleArn, encryptionConfig, upgradePolicy, zonalShiftConfig, remoteNetworkConfig, accessConfig },
    ...{ deletionProtection, controlPlaneScalingConfig, bootstrapSelfManagedAddons },
    resourcesVpcConfig: { ...usualVpcConfig, ...resourcesVpcConfig },
    enabledLogs: enabledLogs([], request.logging?.clusterLogging ?? []),
    ...first,
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined && value !== null));
}
