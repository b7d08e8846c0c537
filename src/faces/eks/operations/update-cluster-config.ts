import type { ClusterSpec, KubernetesSpec } from '../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, type Json, type Operation, reply } from '../call.ts';
import { fail, isError } from '../errors.ts';
import { readUpdateClusterConfig } from '../wire/cluster.ts';
import { type ConfigRequest, changeOf } from './config-changes.ts';
import { inProgress } from './in-progress.ts';
import { type EksView, noCluster, viewOf } from './own-cluster.ts';
import { clientTokenOf, type NewToken, tokenRecord } from './tokens.ts';
import { type Accepted, accept, acceptedBefore, recordUpdate } from './updates.ts';

/** What is told is kept and given back; nothing of a cluster here depends on it but its deletion and its way back. */
export const updateClusterConfig: Operation = async (parts, call) => {
  const sentToken = clientTokenOf(call);
  if (isError(sentToken)) return sentToken;
  const request = readUpdateClusterConfig(call.body);
  if (isError(request)) return request;
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const token = tokenRecord(parts, call, sentToken, [view.cluster.id]);
  const before = await acceptedBefore<Json>(parts, call, view.cluster, token);
  if (isError(before)) return before;
  if (before !== null) return 'accepted' in before ? make(parts, call, view, before.accepted) : reply({ update: before.shown });
  return change(parts, call, view, request, token);
};

async function change(
  parts: FaceParts,
  call: Call,
  view: EksView,
  request: ConfigRequest,
  token: NewToken | null,
): Promise<Answer> {
  const { cluster } = view;
  const wanted = changeOf(cluster, request);
  if (isError(wanted)) return wanted;
  if (view.upgrade !== null) return inProgress(wanted.type, cluster.name, view.upgrade);
  if (view.status !== 'active' || cluster.deleteAfter !== null)
    return fail('InvalidRequestException', `Cluster '${cluster.name}' is not in ACTIVE status`, { clusterName: cluster.name });
  const { type, params, face } = wanted;
  const accepted = await accept(parts, token, { updateId: parts.newId(), type, params, change: face });
  return isError(accepted) ? accepted : make(parts, call, view, accepted);
}

async function make(parts: FaceParts, call: Call, { cluster }: EksView, accepted: Accepted<Json>): Promise<Answer> {
  const { updateId, type, params, change: face } = accepted;
  const changed = await parts.control.changeSpec(call.caller, cluster.id, (spec) => withFace(spec, face));
  if (changed === undefined) return noCluster(cluster.name, 'of-the-cluster');
  return reply({ update: await recordUpdate(parts, call, cluster, { id: updateId, type, nodegroup: null, params }) });
}

function withFace(spec: ClusterSpec, face: Json): KubernetesSpec | null {
  return spec.kind === 'kubernetes' ? { ...spec, face: { ...spec.face, ...face } } : null;
}
