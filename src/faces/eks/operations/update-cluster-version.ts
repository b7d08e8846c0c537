import type { StartResult } from '../../../control/index.ts';
import { catalogRelease, compareVersions, type Obstacles, type Release, type RouteResult } from '../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, type Operation, reply } from '../call.ts';
import { type ApiError, fail, isError } from '../errors.ts';
import { supportType } from '../translate/cluster.ts';
import { sentences, typeOfUpgrade, upgradeUpdate } from '../translate/update.ts';
import { readUpdateClusterVersion } from '../wire/cluster.ts';
import { inProgress } from './in-progress.ts';
import { keepInsights } from './insights.ts';
import { isOffered, supportOf, unsupportedVersion } from './offered.ts';
import { type EksView, noCluster, viewByName, viewOf } from './own-cluster.ts';
import { clientTokenOf, type NewToken, storedFor, tokenRecord } from './tokens.ts';
import { nodegroupOf } from './updates.ts';

/** A start looks at the cluster this long; clients wait a minute. A cluster that answers later is not touched. */
const lookTimeoutMs = 20_000;
/** Hazards that a refusal tells. */
const toldMax = 5;

interface Asked {
  readonly version: string;
  readonly to: Release;
  readonly force: boolean;
  readonly token: NewToken | null;
}

export const updateClusterVersion: Operation = async (parts, call) => {
  const sentToken = clientTokenOf(call);
  if (isError(sentToken)) return sentToken;
  const request = readUpdateClusterVersion(call.body);
  if (isError(request)) return request;
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const token = tokenRecord(parts, call, sentToken, [view.cluster.id]);
  const before = await replay(parts, call, token);
  if (before !== null) return before;
  const { version } = request;
  const halfWay = await wasLeftHalfWay(parts, call, view, version);
  const asked: Asked = { version, to: halfWay ? view.release : { version, build: null }, force: request.force === true, token };
  if (!isOffered(parts, asked.version)) return unsupportedVersion(view.cluster.name);
  return (await takeUp(parts, call, view, asked)) ?? troubleNow(parts, view, asked) ?? start(parts, call, view, asked);
};

/** The update of the first request with this token, as it is now. */
async function replay(parts: FaceParts, call: Call, token: NewToken | null): Promise<Answer | null> {
  const stored = await storedFor(parts, token);
  if (stored === null || isError(stored)) return stored;
  const { updateId } = stored.answer as { readonly updateId: string };
  const upgrade = await parts.control.getUpgrade(call.caller, updateId);
  return upgrade === undefined ? null : reply({ update: upgradeUpdate(upgrade, null) });
}

/** An upgrade to this version that stopped for a person goes on: who asks again has mended what stopped it. */
async function takeUp(parts: FaceParts, call: Call, view: EksView, { version, token }: Asked): Promise<Answer | null> {
  const { upgrade } = view;
  if (upgrade?.status !== 'stopped' || upgrade.to.version !== version) return null;
  if ((await nodegroupOf(parts, call, upgrade)) !== null) return null;
  const end = await parts.control.wish(call.caller, upgrade.id, 'resume');
  if (end.kind !== 'accepted' && end.kind !== 'already') return null;
  if (token !== null) await parts.control.putToken({ ...token, answer: { updateId: upgrade.id } });
  return reply({ update: upgradeUpdate({ ...end.upgrade, status: 'running' }, null) });
}

/** A cluster shows the oldest version that is left in it: cancelled on its way, it may be asked for that one. A look tells. */
async function wasLeftHalfWay(parts: FaceParts, call: Call, { cluster, release }: EksView, version: string): Promise<boolean> {
  if (version !== release.version) return false;
  const [last] = await parts.control.listUpgrades(call.caller, { clusterId: cluster.id, limit: 1 });
  return last?.status === 'cancelled' && last.from.version !== last.to.version;
}

/** What is known without a look at the cluster. */
function troubleNow(parts: FaceParts, view: EksView, { version, to }: Asked): ApiError | null {
  const { cluster, release, upgrade } = view;
  const about = { clusterName: cluster.name };
  if (upgrade !== null) return inProgress(typeOf(release, version), cluster.name, upgrade);
  if (view.status !== 'active' || cluster.deleteAfter !== null)
    return fail('InvalidRequestException', `Cluster '${cluster.name}' is not in ACTIVE status`, about);
  // Left half-way: what it shows is asked for as it is.
  if (to === release) return null;
  const route = parts.control.routeTo(cluster, release, to);
  if (version === release.version || route.kind !== 'route' || route.hops.length > 1)
    return unsupportedStep(release, version, cluster.name);
  const target = catalogRelease(parts.catalog, version);
  const back = compareVersions(version, release.version) < 0;
  if (
    back &&
    supportType(cluster) === 'STANDARD' &&
    target !== undefined &&
    supportOf(target, parts.now()) === 'EXTENDED_SUPPORT'
  )
    return fail(
      'InvalidRequestException',
      `Version ${version} is in extended support. Set the upgrade policy of the cluster to EXTENDED before you roll it back.`,
      about,
    );
  return null;
}

async function start(parts: FaceParts, call: Call, view: EksView, asked: Asked): Promise<Answer> {
  const { cluster } = view;
  const result = await parts.control.startUpgrade(call.caller, {
    clusterId: cluster.id,
    what: { to: asked.to },
    acknowledge: [],
    policy: { maxHops: 1, policyFindings: asked.force ? 'record' : 'hold' },
    token: asked.token,
    answer: (upgrade) => ({ updateId: upgrade.id }),
    lookTimeoutMs,
  });
  if (result.kind === 'started') return reply({ update: upgradeUpdate(result.upgrade, null) });
  // Another request came first. If it had this token, its update is ours.
  const before =
    result.kind === 'token-taken' || result.kind === 'upgrade-unfinished' ? await replay(parts, call, asked.token) : null;
  return before ?? refusal(parts, call, view, asked, result);
}

type Refused = Exclude<StartResult, { kind: 'started' }>;

async function refusal(parts: FaceParts, call: Call, view: EksView, asked: Asked, result: Refused): Promise<ApiError> {
  const { name } = view.cluster;
  const type = typeOf(view.release, asked.version);
  switch (result.kind) {
    case 'not-found':
      return noCluster(name, 'of-the-cluster');
    case 'upgrade-unfinished':
      return inProgress(type, name, result.upgrade);
    case 'token-taken':
      return inProgress(type, name, (await viewByName(parts, call, name))?.upgrade ?? null);
    case 'not-ready':
      return fail('InvalidRequestException', `Cluster '${name}' is not in ACTIVE status`, { clusterName: name });
    case 'unreachable':
      return fail('InvalidRequestException', `The cluster cannot be reached: ${result.because} Nothing was started.`, {
        clusterName: name,
      });
    case 'no-route':
      return noRoute(result.from, result.route, asked.version, name);
    case 'too-far':
      return unsupportedStep(result.from, asked.version, name);
    case 'obstacles':
      await keepInsights(parts, call, view, result.plan);
      return obstacle(result.obstacles, type, name);
    case 'plan-not-found':
    case 'plan-outdated':
      return fail('InvalidRequestException', 'The cluster has changed meanwhile. Send the request again.', { clusterName: name });
  }
}

function noRoute(from: Release, route: Exclude<RouteResult, { kind: 'route' }>, version: string, name: string): ApiError {
  const known = route.kind !== 'unknown-version' && route.kind !== 'unknown-build';
  return known ? unsupportedStep(from, version, name) : unsupportedVersion(name);
}

function unsupportedStep(from: Release, version: string, clusterName: string): ApiError {
  return fail('InvalidParameterException', `Unsupported Kubernetes minor version update from ${from.version} to ${version}`, {
    clusterName,
  });
}

/** `force` overrides what a person may weigh; what is unsafe or impossible it does not. */
function obstacle({ hazards }: Obstacles, type: string, clusterName: string): ApiError {
  if (hazards.length > 0)
    return fail('InvalidRequestException', `${sentences(hazards, toldMax)} Nothing was started.`, { clusterName });
  const [what, kind] = type === 'VersionRollback' ? ['Rollback', 'rollback'] : ['Upgrade', 'upgrade'];
  return fail(
    'InvalidStateException',
    `${what} readiness issues detected. Call the EKS ListInsights API to view ${kind} blocking issues detected by EKS. Pass the force flag to override ${kind} readiness errors and proceed with ${kind}.`,
    { clusterName },
  );
}

function typeOf(from: Release, version: string): string {
  return typeOfUpgrade({ from, to: { version, build: null } });
}
