import type { ClusterView } from '../../../control/index.ts';
import { type Call, type FaceParts, type Operation, queryValue, reply } from '../call.ts';
import { type ApiError, fail } from '../errors.ts';
import { instanceDetail, listItem } from '../translate/instance.ts';
import { nextKernel, nextVersion } from '../translate/version.ts';
import { clientTokenOf, isError, pageOf, textOf } from './parameters.ts';
import { onceOnly } from './replay.ts';
import { hasTags, type Tags, tagsFromQuery } from './tags.ts';

const usualPageSize = 10;
/** An instance deleted with deleteType protective is kept this long. */
const protectiveGraceMs = 24 * 60 * 60_000;
const descriptionMax = 128;

export const describeInstance: Operation = async (parts, call) => {
  const view = await viewOf(parts, call);
  return isError(view) ? view : reply(instanceDetail(view));
};

export const listInstance: Operation = async (parts, call) => {
  const tags = tagsFromQuery(call, 'tags');
  if (isError(tags)) return tags;
  const views = (await parts.control.clusterViews(call.caller)).filter((view) => fits(view, call, tags));
  const page = pageOf(views, call, usualPageSize);
  if (isError(page)) return page;
  return reply(page.map(listItem), { Headers: { 'X-Total-Count': views.length } });
};

export const deleteInstance: Operation = async (parts, call) => {
  const token = clientTokenOf(call);
  if (isError(token)) return token;
  const deleteType = queryValue(call, 'deleteType') || 'immediate';
  if (deleteType !== 'immediate' && deleteType !== 'protective')
    return fail('InvalidParameter', 'deleteType must be immediate or protective.');
  const instanceId = call.path.InstanceId ?? '';
  const request = { operation: 'DeleteInstance', instanceId, token, parameters: { deleteType } };
  return onceOnly(parts, call, request, async () => {
    const view = await viewOf(parts, call);
    if (isError(view)) return view;
    const graceMs = deleteType === 'protective' && view.cluster.origin === 'created' ? protectiveGraceMs : 0;
    const ended = await parts.control.removeCluster(call.caller, instanceId, graceMs);
    if (ended === 'upgrade-unfinished') return fail('InstanceActivating');
    return ended === 'not-found' ? fail('InstanceNotFound') : reply(instanceDetail({ ...view, status: 'deleting' }));
  });
};

export const cancelDeletion: Operation = async (parts, call) => {
  const ended = await parts.control.cancelRemoval(call.caller, call.path.InstanceId ?? '');
  if (ended === 'not-found') return fail('InstanceNotFound');
  if (ended === 'not-being-removed') return fail('InstanceStatusNotSupportCurrentAction', 'It is not about to be deleted.');
  return reply(true);
};

export const updateDescription: Operation = async (parts, call) => {
  const description = textOf(call, 'description');
  if (isError(description)) return description;
  if (description === undefined) return fail('MissingParameter', 'description is mandatory.');
  if (description.length > descriptionMax)
    return fail('InvalidParameter', `description has at most ${descriptionMax} characters.`);
  const changed = await parts.control.changeCluster(call.caller, call.path.InstanceId ?? '', { description });
  return changed === undefined ? fail('InstanceNotFound') : reply({ description });
};

/** What an upgrade could lead to. The mixed letter case of the keys is the API's. */
export const upgradeInfo: Operation = async (parts, call) => {
  const view = await viewOf(parts, call);
  if (isError(view)) return view;
  const { release } = view;
  const version = nextVersion(parts.catalog, release);
  const kernel = nextKernel(parts.catalog, release);
  return reply({
    UpgradeInfo: {
      curEsVersion: release.version,
      upgradeEsVersion: version ?? release.version,
      curApackVersion: release.build?.replace(/^ali/, '') ?? '',
      upgradeApackVersion: (kernel ?? release.build)?.replace(/^ali/, '') ?? '',
      CurRepoVersion: '',
      UpdateRepoVersion: '',
      Upgrade: version !== undefined || kernel !== undefined,
    },
  });
};

export async function viewOf(parts: FaceParts, call: Call): Promise<ClusterView | ApiError> {
  return (await parts.control.clusterView(call.caller, call.path.InstanceId ?? '')) ?? fail('InstanceNotFound');
}

/** Filters that are not known here are ignored, as unknown query members are everywhere. */
function fits(view: ClusterView, call: Call, tags: Tags): boolean {
  const detail = instanceDetail(view);
  const shownAs: Readonly<Record<string, (wanted: string) => boolean>> = {
    instanceId: (wanted) => detail.instanceId === wanted,
    description: (wanted) => detail.description.includes(wanted.replaceAll('*', '')),
    esVersion: (wanted) => `${detail.esVersion.split('_')[0]}.`.startsWith(`${wanted.split('_')[0]}.`),
    status: (wanted) => detail.status === wanted,
    paymentType: (wanted) => detail.paymentType === wanted,
    instanceCategory: (wanted) => detail.instanceCategory === wanted,
    resourceGroupId: (wanted) => detail.resourceGroupId === wanted,
    vpcId: (wanted) => detail.networkConfig.vpcId === wanted,
    zoneId: (wanted) => detail.zoneInfos.some((zone) => zone.zoneId === wanted),
  };
  return (
    Object.entries(shownAs).every(([name, isShown]) => {
      const wanted = queryValue(call, name) ?? '';
      return wanted === '' || isShown(wanted);
    }) && hasTags(view.cluster.tags, tags)
  );
}
