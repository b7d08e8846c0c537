import type { NodegroupChange, NodegroupSpec } from '../../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, type Operation, reply } from '../../call.ts';
import { type About, type ApiError, fail, isError } from '../../errors.ts';
import { desiredSize, type ShownTaint, shownTaint, taintOf } from '../../translate/nodegroup.ts';
import type { UpdateParam } from '../../translate/update.ts';
import { readUpdateNodegroupConfig } from '../../wire/nodegroup.ts';
import { clientTokenOf, tokenRecord } from '../tokens.ts';
import { type Accepted, accept, acceptedBefore, recordUpdate } from '../updates.ts';
import { refusal } from './create.ts';
import { nodegroupNamed, type OwnNodegroup } from './own-nodegroup.ts';
import { labelTrouble, maxUnavailableOf, scalingTrouble, taintTrouble, type UpdateConfig, updateConfigTrouble } from './rules.ts';

type Request = Exclude<ReturnType<typeof readUpdateNodegroupConfig>, ApiError>;

/** Nodes that run keep the labels and taints that they began with, as everywhere; a new size is reached behind. */
export const updateNodegroupConfig: Operation = async (parts, call) => {
  const sentToken = clientTokenOf(call);
  if (isError(sentToken)) return sentToken;
  const own = await nodegroupNamed(parts, call, call.path.nodegroupName ?? '');
  if (isError(own)) return own;
  const request = readUpdateNodegroupConfig(call.body);
  if (isError(request)) return { ...request, about: own.about };
  const token = tokenRecord(parts, call, sentToken, [own.view.cluster.id, own.found.name]);
  const inGroup = { ...call, query: [['nodegroupName', own.found.name]] as const };
  const before = await acceptedBefore<NodegroupChange>(parts, inGroup, own.view.cluster, token);
  if (isError(before)) return before;
  if (before !== null) return 'accepted' in before ? make(parts, call, own, before.accepted) : reply({ update: before.shown });
  const trouble = statusTrouble(own);
  if (trouble !== null) return trouble;
  const wanted = wantedChange(own.found.group, request, own.about);
  if (isError(wanted)) return wanted;
  const accepted = await accept(parts, token, { updateId: parts.newId(), type: 'ConfigUpdate', ...wanted });
  return isError(accepted) ? accepted : make(parts, call, own, accepted);
};

async function make(parts: FaceParts, call: Call, own: OwnNodegroup, accepted: Accepted<NodegroupChange>): Promise<Answer> {
  const { updateId, type, params, change } = accepted;
  const { cluster } = own.view;
  const end = await parts.control.changeNodegroup(call.caller, cluster.id, own.found.name, change);
  if (end.kind !== 'changed') return refusal(end, own.view, own.about);
  return reply({ update: await recordUpdate(parts, call, cluster, { id: updateId, type, nodegroup: own.found.name, params }) });
}

function statusTrouble({ found, about }: OwnNodegroup): ApiError | null {
  if (found.status !== 'deleting') return null;
  return fail('ResourceInUseException', `Nodegroup ${found.name} is being deleted.`, about);
}

interface Wanted {
  readonly change: NodegroupChange;
  readonly params: readonly UpdateParam[];
}

function wantedChange(group: NodegroupSpec, request: Request, about: About): Wanted | ApiError {
  const parts = [scalingChange, updateConfigChange, labelChange, taintChange, repairChange].map((of) =>
    of(group, request, about),
  );
  const wrong = parts.find(isError);
  if (wrong !== undefined) return wrong;
  const wanted = parts.filter((part): part is Wanted => part !== null && !isError(part));
  if (wanted.length === 0) return fail('InvalidParameterException', 'The request changes nothing of the node group.', about);
  const face = Object.assign({}, group.face, ...wanted.map(({ change }) => change.face ?? {}));
  return {
    change: { ...Object.assign({}, ...wanted.map(({ change }) => change)), face },
    params: wanted.flatMap(({ params }) => params),
  };
}

type Part = Wanted | ApiError | null;

function scalingChange(group: NodegroupSpec, { scalingConfig }: Request, about: About): Part {
  if (scalingConfig === undefined) return null;
  const { minSize, maxSize } = group;
  const scaling = { minSize, maxSize, desiredSize: desiredSize(group), ...scalingConfig };
  const trouble = scalingTrouble(scaling, about);
  if (trouble !== null) return trouble;
  const params = [
    { type: 'MinSize', value: String(scaling.minSize) },
    { type: 'MaxSize', value: String(scaling.maxSize) },
    { type: 'DesiredSize', value: String(scaling.desiredSize) },
  ];
  // A part of the group is another number of nodes when the group has another size.
  const maxUnavailable = maxUnavailableOf(updateConfigOf(group), scaling.desiredSize);
  return { change: { minSize: scaling.minSize, maxSize: scaling.maxSize, size: scaling.desiredSize, maxUnavailable }, params };
}

function updateConfigOf({ face, maxUnavailable }: NodegroupSpec): UpdateConfig {
  return (face.updateConfig as UpdateConfig | undefined) ?? { maxUnavailable };
}

function updateConfigChange(group: NodegroupSpec, { updateConfig, scalingConfig }: Request, about: About): Part {
  if (updateConfig === undefined) return null;
  const trouble = updateConfigTrouble(updateConfig, about);
  if (trouble !== null) return trouble;
  const { updateStrategy, ...numbers } = updateConfig;
  const { updateStrategy: strategyBefore, ...before } = updateConfigOf(group);
  const told = Object.keys(numbers).length === 0 ? before : numbers;
  const strategy = updateStrategy ?? strategyBefore;
  const wanted = { ...told, ...(strategy === undefined ? {} : { updateStrategy: strategy }) };
  const params = [
    ...param('MaxUnavailable', updateConfig.maxUnavailable),
    ...param('MaxUnavailablePercentage', updateConfig.maxUnavailablePercentage),
    ...param('UpdateStrategy', updateStrategy),
  ];
  const size = scalingConfig?.desiredSize ?? desiredSize(group);
  return { change: { maxUnavailable: maxUnavailableOf(wanted, size), face: { updateConfig: wanted } }, params };
}

function labelChange(group: NodegroupSpec, { labels }: Request, about: About): Part {
  if (labels === undefined) return null;
  const { addOrUpdateLabels = {}, removeLabels = [] } = labels;
  const trouble = labelTrouble(addOrUpdateLabels, about);
  if (trouble !== null) return trouble;
  const both = removeLabels.find((key) => Object.hasOwn(addOrUpdateLabels, key));
  if (both !== undefined) return fail('InvalidParameterException', 'A label cannot be added and removed at once.', about);
  const kept = Object.entries(group.labels).filter(([key]) => !removeLabels.includes(key));
  const params = [...listParam('LabelsToAdd', addOrUpdateLabels), ...listParam('LabelsToRemove', removeLabels)];
  return { change: { labels: { ...Object.fromEntries(kept), ...addOrUpdateLabels } }, params };
}

function taintChange(group: NodegroupSpec, { taints }: Request, about: About): Part {
  if (taints === undefined) return null;
  const { addOrUpdateTaints = [], removeTaints = [] } = taints;
  const nameOf = ({ key, effect }: ShownTaint) => `${key} ${effect}`;
  const leaving = new Set([...addOrUpdateTaints, ...removeTaints].map(nameOf));
  const kept = group.taints.map(shownTaint).filter((taint) => !leaving.has(nameOf(taint)));
  const wanted = [...kept, ...addOrUpdateTaints];
  const trouble = taintTrouble(wanted, about);
  if (trouble !== null) return trouble;
  const params = [...listParam('TaintsToAdd', addOrUpdateTaints), ...listParam('TaintsToRemove', removeTaints)];
  return { change: { taints: wanted.map(taintOf) }, params };
}

/** Nodes that ended are started again anyway: it is given back as it was told. */
function repairChange(_: NodegroupSpec, { nodeRepairConfig, warmPoolConfig }: Request, about: About): Part {
  if (warmPoolConfig?.enabled === true) return fail('InvalidParameterException', 'Warm pools are not offered here.', about);
  if (nodeRepairConfig === undefined) return null;
  return {
    change: { face: { nodeRepairConfig } },
    params: [{ type: 'NodeRepairConfig', value: JSON.stringify(nodeRepairConfig) }],
  };
}

function param(type: string, value: string | number | undefined): readonly UpdateParam[] {
  return value === undefined ? [] : [{ type, value: String(value) }];
}

function listParam(type: string, value: object): readonly UpdateParam[] {
  return Object.keys(value).length === 0 ? [] : [{ type, value: JSON.stringify(value) }];
}
