import type { ClusterSpec, KubernetesSpec } from '../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, type Operation, reply } from '../call.ts';
import { fail, isError } from '../errors.ts';
import { readUpdateClusterConfig } from '../wire/cluster.ts';
import { type ConfigChange, type ConfigRequest, changeOf } from './config-changes.ts';
import { inProgress } from './in-progress.ts';
import { type EksView, noCluster, viewOf } from './own-cluster.ts';
import { clientTokenOf, type NewToken, storedFor, tokenRecord } from './tokens.ts';
import { findUpdate, recordUpdate } from './updates.ts';

/** What is told is kept and given back; nothing of a cluster here depends on it but its deletion and its way back. */
export const updateClusterConfig: Operation = async (parts, call) => {
  const sentToken = clientTokenOf(call);
  if (isError(sentToken)) return sentToken;
  const request = readUpdateClusterConfig(call.body);
  if (isError(request)) return request;
  const view = await viewOf(parts, call, 'of-the-cluster');
  if (isError(view)) return view;
  const token = tokenRecord(parts, call, sentToken, [view.cluster.id]);
  const before = await replay(parts, call, view, token);
  if (before !== null) return before;
  return change(parts, call, view, request, token);
};

async function replay(parts: FaceParts, call: Call, { cluster }: EksView, token: NewToken | null): Promise<Answer | null> {
  const stored = await storedFor(parts, token);
  if (stored === null || isError(stored)) return stored;
  const { updateId } = stored.answer as { readonly updateId: string };
  const update = await findUpdate(parts, { ...call, path: { ...call.path, updateId } }, cluster);
  return isError(update) ? null : reply({ update: update.shown });
}

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
  const changed = await parts.control.changeSpec(call.caller, cluster.id, (spec) => withFace(spec, wanted));
  if (changed === undefined) return noCluster(cluster.name, 'of-the-cluster');
  const id = parts.newId();
  const update = await recordUpdate(parts, call, cluster, { id, type: wanted.type, nodegroup: null, params: wanted.params });
  if (token !== null) await parts.control.putToken({ ...token, answer: { updateId: id } });
  return reply({ update });
}

function withFace(spec: ClusterSpec, { face }: ConfigChange): KubernetesSpec | null {
  return spec.kind === 'kubernetes' ? { ...spec, face: { ...spec.face, ...face } } : null;
}
