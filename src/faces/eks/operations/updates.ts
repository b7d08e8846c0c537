import type { Cluster, FaceRecord, Upgrade } from '../../../domain/index.ts';
import { type Call, type FaceParts, type Json, type Operation, queryValue, reply } from '../call.ts';
import { type ApiError, fail, isError } from '../errors.ts';
import { descending, pageOf } from '../paging.ts';
import { configUpdate, type UpdateParam, upgradeUpdate } from '../translate/update.ts';
import { viewOf } from './own-cluster.ts';
import { type NewToken, storedFor } from './tokens.ts';

/** More are not told of one cluster. */
const upgradesMax = 500;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const face = 'eks';
/** Changes of configuration, which are no upgrades. */
const recordKind = 'config-update';

/** An update of a cluster or, where `nodegroup` names it, of one of its node groups. */
export interface KnownUpdate {
  readonly nodegroup: string | null;
  readonly id: string;
  readonly createdAt: string;
  readonly shown: Json;
}

export const describeUpdate: Operation = async (parts, call) => {
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const update = await findUpdate(parts, call, view.cluster);
  return isError(update) ? update : reply({ update: update.shown });
};

/** Newest first. */
export const listUpdates: Operation = async (parts, call) => {
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const of = subjectOf(call);
  const items = (await updatesOf(parts, call, view.cluster)).filter((update) => of !== 'nothing-here' && update.nodegroup === of);
  const request = { maxResults: queryValue(call, 'maxResults'), nextToken: queryValue(call, 'nextToken') };
  const keyOf = ({ createdAt, id }: KnownUpdate) => `${createdAt} ${id}`;
  const page = pageOf(call, request, { items, keyOf, compare: descending });
  return isError(page) ? page : reply({ updateIds: page.items.map(({ id }) => id), nextToken: page.nextToken });
};

/** The update that the path names, of what the query names: one of a node group is found only with its group's name. */
export async function findUpdate(parts: FaceParts, call: Call, cluster: Cluster): Promise<KnownUpdate | ApiError> {
  const id = call.path.updateId ?? '';
  const of = subjectOf(call);
  const missing = fail('ResourceNotFoundException', `No update found for ID: ${id}`, { clusterName: cluster.name });
  if (of === 'nothing-here' || !uuid.test(id)) return missing;
  const update = (await upgradeOf(parts, call, cluster, id)) ?? (await configUpdateOf(parts, call, cluster, id));
  return update === undefined || update.nodegroup !== of ? missing : update;
}

/** The node group that the query names; null for the cluster itself. There are no add-ons and capabilities. */
function subjectOf(call: Call): string | null | 'nothing-here' {
  if ((queryValue(call, 'addonName') ?? '') !== '' || (queryValue(call, 'capabilityName') ?? '') !== '') return 'nothing-here';
  return queryValue(call, 'nodegroupName') || null;
}

export async function updatesOf(parts: FaceParts, call: Call, cluster: Cluster): Promise<readonly KnownUpdate[]> {
  const upgrades = await parts.control.listUpgrades(call.caller, { clusterId: cluster.id, limit: upgradesMax });
  const records = await parts.control.listFaceRecords(call.caller, cluster.id, face, recordKind);
  const updates = [
    ...(await Promise.all(upgrades.map((upgrade) => knownUpgrade(parts, call, upgrade)))),
    ...records.map(knownRecord),
  ];
  return updates.sort((a, b) => descending(`${a.createdAt} ${a.id}`, `${b.createdAt} ${b.id}`));
}

async function upgradeOf(parts: FaceParts, call: Call, cluster: Cluster, id: string): Promise<KnownUpdate | undefined> {
  const upgrade = await parts.control.getUpgrade(call.caller, id);
  return upgrade?.clusterId === cluster.id ? knownUpgrade(parts, call, upgrade) : undefined;
}

async function configUpdateOf(parts: FaceParts, call: Call, cluster: Cluster, id: string): Promise<KnownUpdate | undefined> {
  const record = await parts.control.getFaceRecord(call.caller, cluster.id, face, recordKind, id);
  return record && knownRecord(record);
}

async function knownUpgrade(parts: FaceParts, call: Call, upgrade: Upgrade): Promise<KnownUpdate> {
  const nodegroup = await nodegroupOf(parts, call, upgrade);
  const { id, createdAt } = upgrade;
  return { nodegroup, id, createdAt, shown: upgradeUpdate(upgrade, nodegroup) };
}

/** The node group that an upgrade lifts; null where it lifts the cluster. */
export async function nodegroupOf(parts: FaceParts, call: Call, upgrade: Upgrade): Promise<string | null> {
  const plan = await parts.control.getPlan(call.caller, upgrade.planId);
  return plan?.hops[0]?.hop.nodegroup ?? null;
}

interface StoredUpdate {
  readonly type: string;
  readonly nodegroup: string | null;
  readonly params: readonly UpdateParam[];
  readonly createdAt: string;
}

function knownRecord({ id, value }: FaceRecord): KnownUpdate {
  const { type, nodegroup, params, createdAt } = value as StoredUpdate;
  return { nodegroup, id, createdAt, shown: configUpdate({ id, type, status: 'Successful', params, createdAt }) };
}

/**
 * A change of configuration that was accepted. It is kept under its token before it is made, so that whoever repeats the request,
 * at the same moment or after an answer that was lost, makes the very same one.
 */
export interface Accepted<Change> extends Pick<StoredUpdate, 'type' | 'params'> {
  readonly updateId: string;
  readonly change: Change;
}

/** This one, or the one that another request with its token was accepted for a moment ago. */
export async function accept<Change>(
  parts: FaceParts,
  token: NewToken | null,
  mine: Accepted<Change>,
): Promise<Accepted<Change> | ApiError> {
  if (token === null || (await parts.control.putToken({ ...token, answer: mine })) === 'stored') return mine;
  const stored = await storedFor(parts, token);
  if (stored === null) return mine;
  return isError(stored) ? stored : (stored.answer as Accepted<Change>);
}

/** The update of the first request with this token: as it is now, or accepted and perhaps not made yet. Null: it is the first. */
export async function acceptedBefore<Change>(
  parts: FaceParts,
  call: Call,
  cluster: Cluster,
  token: NewToken | null,
): Promise<KnownUpdate | { readonly accepted: Accepted<Change> } | ApiError | null> {
  const stored = await storedFor(parts, token);
  if (stored === null || isError(stored)) return stored;
  const accepted = stored.answer as Partial<Accepted<Change>>;
  const update = await findUpdate(parts, { ...call, path: { ...call.path, updateId: accepted.updateId ?? '' } }, cluster);
  if (!isError(update)) return update;
  return accepted.change === undefined ? null : { accepted: accepted as Accepted<Change> };
}

/** Writes down a change of configuration that was made, and shows it as the answer to its request does. */
export async function recordUpdate(
  parts: FaceParts,
  call: Call,
  cluster: Cluster,
  change: Omit<StoredUpdate, 'createdAt'> & { readonly id: string },
): Promise<Json> {
  const { id, type, nodegroup, params } = change;
  const createdAt = parts.now();
  const value: StoredUpdate = { type, nodegroup, params, createdAt };
  await parts.control.putFaceRecord(call.caller, { clusterId: cluster.id, face, kind: recordKind, id, value });
  return configUpdate({ id, type, status: 'InProgress', params, createdAt });
}
