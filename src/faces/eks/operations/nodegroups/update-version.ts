import type { StartResult } from '../../../../control/index.ts';
import { type Release, sameRelease, showRelease } from '../../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, type Operation, reply } from '../../call.ts';
import { type ApiError, fail, isError } from '../../errors.ts';
import { sentences, upgradeUpdate } from '../../translate/update.ts';
import { readUpdateNodegroupVersion } from '../../wire/nodegroup.ts';
import { inProgress } from '../in-progress.ts';
import { noCluster, viewByName } from '../own-cluster.ts';
import { clientTokenOf, type NewToken, storedFor, tokenRecord } from '../tokens.ts';
import { nodegroupOf } from '../updates.ts';
import { nodegroupNamed, type OwnNodegroup } from './own-nodegroup.ts';
import { wantedRelease } from './release.ts';

/** A start looks at the cluster this long; clients wait a minute. A cluster that answers later is not touched. */
const lookTimeoutMs = 20_000;
/** Findings that a refusal tells. */
const toldMax = 5;
/** Accepting it lets pods be deleted that a disruption budget keeps from being evicted. */
const forceEviction = 'k8s.force-eviction';

interface Asked {
  readonly to: Release;
  readonly force: boolean;
  readonly token: NewToken | null;
}

/** Replaces the nodes of a group: by those of the cluster's version where none is named. */
export const updateNodegroupVersion: Operation = async (parts, call) => {
  const sentToken = clientTokenOf(call);
  if (isError(sentToken)) return sentToken;
  const own = await nodegroupNamed(parts, call, call.path.nodegroupName ?? '');
  if (isError(own)) return own;
  const request = readUpdateNodegroupVersion(call.body);
  if (isError(request)) return { ...request, about: own.about };
  const token = tokenRecord(parts, call, sentToken, [own.view.cluster.id, own.found.name]);
  const before = await replay(parts, call, own, token);
  if (before !== null) return before;
  const to = wantedRelease(parts, own.view.release, request, own.about);
  if (isError(to)) return to;
  const asked: Asked = { to, force: request.force === true, token };
  return (await takeUp(parts, call, own, asked)) ?? troubleNow(own, asked) ?? start(parts, call, own, asked);
};

/** The update of the first request with this token, as it is now. */
async function replay(parts: FaceParts, call: Call, { found }: OwnNodegroup, token: NewToken | null): Promise<Answer | null> {
  const stored = await storedFor(parts, token);
  if (stored === null || isError(stored)) return stored;
  const { updateId } = stored.answer as { readonly updateId: string };
  const upgrade = await parts.control.getUpgrade(call.caller, updateId);
  return upgrade === undefined ? null : reply({ update: upgradeUpdate(upgrade, found.name) });
}

/** An upgrade of this group to this release that stopped for a person goes on: who asks again has mended what stopped it. */
async function takeUp(parts: FaceParts, call: Call, { view, found }: OwnNodegroup, { to, token }: Asked): Promise<Answer | null> {
  const { upgrade } = view;
  if (upgrade?.status !== 'stopped' || !sameRelease(upgrade.to, to)) return null;
  if ((await nodegroupOf(parts, call, upgrade)) !== found.name) return null;
  const end = await parts.control.wish(call.caller, upgrade.id, 'resume');
  if (end.kind !== 'accepted' && end.kind !== 'already') return null;
  if (token !== null) await parts.control.putToken({ ...token, answer: { updateId: upgrade.id } });
  return reply({ update: upgradeUpdate({ ...end.upgrade, status: 'running' }, found.name) });
}

/** What is known without a look at the cluster. */
function troubleNow({ view, found, about }: OwnNodegroup, { to }: Asked): ApiError | null {
  const { cluster, upgrade, status } = view;
  if (upgrade !== null) return { ...inProgress('VersionUpdate', cluster.name, upgrade), about };
  if (status !== 'active' || cluster.deleteAfter !== null)
    return fail('InvalidRequestException', `Cluster '${cluster.name}' is not in ACTIVE status`, about);
  if (found.status === 'creating' || found.status === 'deleting')
    return fail(
      'ResourceInUseException',
      `Nodegroup ${found.name} is ${found.status === 'creating' ? 'being created' : 'being deleted'}.`,
      about,
    );
  return sameRelease(found.group.release, to) ? alreadyThere(found.name, to, about) : null;
}

function alreadyThere(name: string, to: Release, about: OwnNodegroup['about']): ApiError {
  return fail('InvalidParameterException', `Nodegroup ${name} runs Kubernetes ${showRelease(to)} already.`, about);
}

async function start(parts: FaceParts, call: Call, own: OwnNodegroup, asked: Asked): Promise<Answer> {
  const { view, found } = own;
  const result = await parts.control.startUpgrade(call.caller, {
    clusterId: view.cluster.id,
    what: { to: asked.to, nodegroup: found.name },
    acknowledge: asked.force ? [forceEviction] : [],
    policy: { maxHops: 1, policyFindings: asked.force ? 'record' : 'hold' },
    token: asked.token,
    answer: (upgrade) => ({ updateId: upgrade.id }),
    lookTimeoutMs,
  });
  if (result.kind === 'started') return reply({ update: upgradeUpdate(result.upgrade, found.name) });
  // Another request came first. If it had this token, its update is ours.
  const raced = result.kind === 'token-taken' || result.kind === 'upgrade-unfinished';
  const before = raced ? await replay(parts, call, own, asked.token) : null;
  return before ?? refusal(parts, call, own, asked, result);
}

type Refused = Exclude<StartResult, { kind: 'started' }>;

async function refusal(
  parts: FaceParts,
  call: Call,
  { view, found, about }: OwnNodegroup,
  { to }: Asked,
  result: Refused,
): Promise<ApiError> {
  const { name } = view.cluster;
  switch (result.kind) {
    case 'not-found':
      return noCluster(name, 'of-the-cluster');
    case 'upgrade-unfinished':
      return { ...inProgress('VersionUpdate', name, result.upgrade), about };
    case 'token-taken':
      return { ...inProgress('VersionUpdate', name, (await viewByName(parts, call, name))?.upgrade ?? null), about };
    case 'not-ready':
      return fail('InvalidRequestException', `Cluster '${name}' is not in ACTIVE status`, about);
    case 'unreachable':
      return fail('InvalidRequestException', `The cluster cannot be reached: ${result.because} Nothing was started.`, about);
    case 'no-route':
      return result.route.kind === 'already-there'
        ? alreadyThere(found.name, to, about)
        : fail(
            'InvalidParameterException',
            `Nodegroup ${found.name} cannot go from Kubernetes ${showRelease(result.from)} to ${showRelease(to)}.`,
            about,
          );
    case 'too-far':
      return fail(
        'InvalidParameterException',
        `Nodegroup ${found.name} cannot go from Kubernetes ${showRelease(result.from)} to ${showRelease(to)} at once.`,
        about,
      );
    case 'obstacles': {
      const { hazards, policy } = result.obstacles;
      return fail('InvalidRequestException', `${sentences([...hazards, ...policy], toldMax)} Nothing was started.`, about);
    }
    case 'plan-not-found':
    case 'plan-outdated':
      return fail('InvalidRequestException', 'The cluster has changed meanwhile. Send the request again.', about);
  }
}
