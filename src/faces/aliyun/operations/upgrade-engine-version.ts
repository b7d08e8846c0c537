import type { ClusterView, PlanResult, StartResult } from '../../../control/index.ts';
import {
  type FacePolicy,
  type Finding,
  type Release,
  type RouteResult,
  showRelease,
  withBuildOf,
} from '../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, type Operation, reply } from '../call.ts';
import { fail } from '../errors.ts';
import { errorsOf, errorTypeOf, errorTypes, notFoundOut, sentenceOf, validateItems } from '../translate/dry-run.ts';
import { nextKernel, nextVersion, nextVersions, targetOf } from '../translate/version.ts';
import { inTime } from './in-time.ts';
import { isError } from './parameters.ts';
import { replayOf, tokenOf } from './replay.ts';
import { readUpgradeRequest, type UpgradeRequest } from './upgrade-request.ts';

/** The official SDKs give up after 3 s. */
const dryRunTimeoutMs = 1_800;
/** A start looks at the cluster this long; a cluster that answers later is not touched. */
const startLookTimeoutMs = 2_500;
/** Hazards that the refusal of a start tells; a dry run tells all. */
const hazardsToldMax = 10;
/** A tag with which an instance allows targets further away than one step. */
export const wholeRoutesTag = 'clusterlift:routes';

export const upgradeEngineVersion: Operation = async (parts, call) => {
  const request = readUpgradeRequest(call);
  if (isError(request)) return request;
  const instanceId = call.path.InstanceId ?? '';
  const view = await parts.control.clusterView(call.caller, instanceId);
  if (view === undefined) return fail('InstanceNotFound');
  const token = request.dryRun ? null : tokenOf(parts, call, repeatable(request, instanceId));
  const before = await replayOf(parts, token);
  if (before !== null) return before;
  const wanted = wantedRelease(parts, view, request);
  if (isError(wanted)) return wanted;
  const busy = busyError(view);
  if (busy !== null) return busy;
  if (wanted === null) return nothingToDo(true, 'The instance runs the newest version on its path already.');
  return request.dryRun ? dryRun(parts, call, view, wanted) : start(parts, call, view, wanted, { request, token, instanceId });
};

function repeatable({ clientToken, version, type, updateStrategy, plugins }: UpgradeRequest, instanceId: string) {
  const parameters = { version, type, updateStrategy, plugins };
  return { operation: 'UpgradeEngineVersion', instanceId, token: clientToken, parameters };
}

/** Null: a dry run without a version at the end of the path. */
function wantedRelease(parts: FaceParts, view: ClusterView, request: UpgradeRequest): Release | null | ReturnType<typeof fail> {
  const { release } = view;
  if (request.version !== null) {
    const target = targetOf(parts.catalog, release, request.version, request.type);
    if (target.kind === 'target') return target.to;
    return fail(target.kind === 'older' ? 'UpgradeVersionNotSupported' : 'InvalidParameter', target.says);
  }
  if (!request.dryRun)
    return fail('MissingParameter', 'An upgrade needs version, such as 6.7, or ali1.2.0 with type aliVersion.');
  const next = request.type === 'aliVersion' ? nextKernel(parts.catalog, release) : nextVersion(parts.catalog, release);
  if (next === undefined) return null;
  return request.type === 'aliVersion' ? { version: release.version, build: next } : withBuildOf(parts.catalog, release, next);
}

function busyError(view: ClusterView) {
  switch (view.status) {
    case 'awaited':
    case 'creating':
    case 'upgrading':
    case 'gated':
      return fail('InstanceActivating');
    case 'paused':
      return fail('InstanceStatusNotSupportCurrentAction', 'A change of it is suspended: resume it first.');
    case 'stopped':
      return fail(
        'InstanceStatusNotSupportCurrentAction',
        `Its upgrade stopped: ${view.upgrade?.reason?.says ?? ''} ${view.upgrade?.reason?.clearedBy ?? ''} Then call ResumeElasticsearchTask.`,
      );
    case 'failed':
    case 'deleting':
      return fail('InstanceStatusNotSupportCurrentAction', `It is ${view.status === 'failed' ? 'not usable' : 'being deleted'}.`);
    case 'active':
      return view.cluster.deleteAfter === null
        ? null
        : fail('InstanceStatusNotSupportCurrentAction', 'It is about to be deleted.');
  }
}

async function dryRun(parts: FaceParts, call: Call, view: ClusterView, to: Release): Promise<Answer> {
  const planning = parts.control.planUpgrade(call.caller, view.cluster.id, to);
  const result = await inTime(parts, planning, dryRunTimeoutMs, 'A dry run');
  if (result === 'late') return reply(notFoundOut('the cluster answers slowly. Ask again in 10 seconds.'));
  if (result.kind === 'unreachable') return reply(notFoundOut(`the cluster cannot be reached: ${result.because}`));
  if (result.kind === 'no-route') return noRoute(parts, result.from, result.route, true);
  if (result.kind !== 'planned') return refusal(parts, result);
  const { plan } = result;
  if (plan.hops.length > policyOf(view).maxHops) return tooFar(plan.from, nextVersions(parts.catalog, plan.from));
  return reply(validateItems(errorsOf(plan.findings, plan.reports)));
}

interface Starting {
  readonly request: UpgradeRequest;
  readonly token: ReturnType<typeof tokenOf>;
  readonly instanceId: string;
}

async function start(parts: FaceParts, call: Call, view: ClusterView, to: Release, starting: Starting): Promise<Answer> {
  const { request, token, instanceId } = starting;
  const result = await parts.control.startUpgrade(call.caller, {
    clusterId: instanceId,
    what: { to },
    acknowledge: [],
    policy: policyOf(view),
    token,
    answer: () => [],
    remarks: remarksOf(request),
    lookTimeoutMs: startLookTimeoutMs,
  });
  if (result.kind === 'started') return reply([]);
  // Another request came first. If it had this token, its answer is ours.
  if (result.kind === 'token-taken' || result.kind === 'upgrade-unfinished')
    return (await replayOf(parts, token)) ?? fail('InstanceActivating');
  return refusal(parts, result);
}

function policyOf(view: ClusterView): FacePolicy {
  const whole = view.cluster.tags[wholeRoutesTag] === 'whole';
  return { maxHops: whole ? Number.POSITIVE_INFINITY : 1, policyFindings: 'record' };
}

function remarksOf({ updateStrategy, plugins }: UpgradeRequest): readonly string[] {
  return [
    ...(updateStrategy === null ? [] : [`updateStrategy ${updateStrategy} was asked for; the upgrade is done in place.`]),
    ...(plugins.length === 0 ? [] : ['plugins were sent; they come with a build and are not installed one by one.']),
  ];
}

type NoRoute = Exclude<RouteResult, { kind: 'route' }>;
type Refused = Exclude<PlanResult, { kind: 'planned' }> | Exclude<StartResult, { kind: 'started' | 'token-taken' }>;

function refusal(parts: FaceParts, result: Refused): Answer {
  switch (result.kind) {
    case 'not-found':
      return fail('InstanceNotFound');
    case 'upgrade-unfinished':
      return fail('InstanceActivating');
    case 'not-ready':
    case 'plan-outdated':
      return fail('InstanceStatusNotSupportCurrentAction', result.says);
    case 'plan-not-found':
      return fail('InvalidParameter', 'The plan does not exist.');
    case 'unreachable':
      return fail('ClusterStatusNotHealth', `The cluster cannot be reached: ${result.because} Nothing was started.`);
    case 'no-route':
      return noRoute(parts, result.from, result.route, false);
    case 'too-far':
      return tooFar(result.from, result.next);
    case 'obstacles':
      return obstacle(result.obstacles.hazards);
  }
}

function noRoute(parts: FaceParts, from: Release, route: NoRoute, isDryRun: boolean): Answer {
  switch (route.kind) {
    case 'already-there':
      return nothingToDo(isDryRun, `The instance runs ${showRelease(from)} already; nothing was started.`);
    case 'downgrade':
      return fail('UpgradeVersionNotSupported', `The instance runs ${showRelease(from)}; there is no way to an older version.`);
    case 'no-path':
      return fail('UpgradeVersionNotSupported', wayOn(from, nextVersions(parts.catalog, from)));
    case 'unknown-version':
      return fail('UpgradeVersionNotSupported', `Version ${route.version} is not known here.`);
    case 'unknown-build':
      return fail('UpgradeVersionNotSupported', `Version ${route.version} has no kernel ${route.build}.`);
  }
}

/** A success that changes nothing. `Result` has no place to say so, hence `Message` beside it. */
function nothingToDo(isDryRun: boolean, says: string): Answer {
  return reply(isDryRun ? validateItems([]) : [], { Message: says });
}

function tooFar(from: Release, next: readonly string[]): Answer {
  return fail(
    'UpgradeVersionNotSupported',
    `One step at a time. ${wayOn(from, next)} (The tag ${wholeRoutesTag}=whole on the instance allows whole routes.)`,
  );
}

function wayOn(from: Release, next: readonly string[]): string {
  const to = next.length === 0 ? 'leads nowhere' : `leads to ${next.join(' or ')}`;
  return `The next step from ${showRelease(from)} ${to}.`;
}

/** A start is refused for hazards only; the first gives the code, all of them the sentence. */
function obstacle(hazards: readonly Finding[]): Answer {
  const [first] = hazards;
  const { errorCode } = errorTypes[errorTypeOf(first?.check ?? '')];
  const told = hazards.slice(0, hazardsToldMax).map(sentenceOf);
  const more = hazards.length - told.length;
  return fail(
    errorCode,
    [...told, ...(more > 0 ? [`${more} more: a dry run tells all.`] : []), 'Nothing was started.'].join(' '),
  );
}
