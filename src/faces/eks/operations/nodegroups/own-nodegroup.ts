/** The node group that a request names. */
import type { NodegroupView } from '../../../../control/index.ts';
import type { Call, FaceParts, Json } from '../../call.ts';
import { type About, type ApiError, fail, isError } from '../../errors.ts';
import { type NodegroupStatus, nodegroupShape } from '../../translate/nodegroup.ts';
import { type EksView, viewOf } from '../own-cluster.ts';
import { nodegroupOf } from '../updates.ts';

/** A node group and the cluster that it belongs to. */
export interface OwnNodegroup {
  readonly view: EksView;
  readonly found: NodegroupView;
  readonly about: About;
}

export async function nodegroupNamed(parts: FaceParts, call: Call, name: string): Promise<OwnNodegroup | ApiError> {
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const about = { clusterName: view.cluster.name, nodegroupName: name };
  const found = (await viewsOf(parts, call, view)).find((group) => group.name === name);
  return found === undefined ? noNodegroup(about) : { view, found, about };
}

export async function viewsOf(parts: FaceParts, call: Call, { cluster }: EksView): Promise<readonly NodegroupView[]> {
  return (await parts.control.nodegroupViews(call.caller, cluster.id)) ?? [];
}

export function noNodegroup(about: About): ApiError {
  return fail('ResourceNotFoundException', `No node group found for name: ${about.nodegroupName ?? ''}.`, about);
}

/** Names are put into paths and names of nodes. */
export function nodegroupNameTrouble(name: string, clusterName: string): ApiError | null {
  if (/^[0-9A-Za-z][A-Za-z0-9\-_]*$/.test(name)) return null;
  const says =
    'The nodegroup name must start with a number or letter, and can contain numbers, letters, dashes, and underscores.';
  return fail('InvalidParameterException', says, { clusterName });
}

export async function shownNodegroup(parts: FaceParts, call: Call, { view, found }: Omit<OwnNodegroup, 'about'>): Promise<Json> {
  return nodegroupShape(call.place, view.cluster.name, found, await statusOf(parts, call, view, found));
}

async function statusOf(parts: FaceParts, call: Call, { upgrade }: EksView, found: NodegroupView): Promise<NodegroupStatus> {
  if (found.status === 'deleting') return 'DELETING';
  const moves = upgrade !== null && upgrade.status !== 'stopped' && (await nodegroupOf(parts, call, upgrade)) === found.name;
  if (moves) return 'UPDATING';
  return found.status === 'creating' ? 'CREATING' : found.status === 'degraded' ? 'DEGRADED' : 'ACTIVE';
}
