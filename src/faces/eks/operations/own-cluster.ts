/** The cluster that a request names. */
import type { ClusterView } from '../../../control/index.ts';
import type { KubernetesCluster } from '../../../domain/index.ts';
import type { Call, FaceParts } from '../call.ts';
import { type ApiError, fail } from '../errors.ts';

/** A view of a cluster that is one of Kubernetes. */
export interface EksView extends ClusterView {
  readonly cluster: KubernetesCluster;
}

/** Null for a name that a cluster can have. The missing blank in the middle is the service's own. */
export function nameTrouble(name: string): ApiError | null {
  if (/^[0-9A-Za-z][A-Za-z0-9\-_]*$/.test(name)) return null;
  return fail(
    'InvalidParameterException',
    'The parameter name contains invalid characters. It should conform to the regular expression "^[0-9A-Za-z][A-Za-z0-9-_]*"In other words, it should start with a number or letter, and can contain numbers, letters, dashes, and underscores.',
  );
}

/** Whether an operation is about the cluster itself or about something of it tells what the refusal carries. */
export type Subject = 'the-cluster' | 'of-the-cluster';

export async function viewOf(parts: FaceParts, call: Call, subject: Subject): Promise<EksView | ApiError> {
  const name = call.path.name ?? '';
  return nameTrouble(name) ?? (await viewByName(parts, call, name)) ?? noCluster(name, subject);
}

export async function viewByName(parts: FaceParts, call: Call, name: string): Promise<EksView | undefined> {
  const view = await parts.control.clusterViewByName(call.caller, 'kubernetes', call.place.region, name);
  return view === undefined ? undefined : eksView(view);
}

/** Undefined for a cluster of another engine. */
export function eksView(view: ClusterView): EksView | undefined {
  return isOfKubernetes(view) ? view : undefined;
}

function isOfKubernetes(view: ClusterView): view is EksView {
  return view.cluster.spec.kind === 'kubernetes';
}

export function noCluster(name: string, subject: Subject): ApiError {
  return fail(
    'ResourceNotFoundException',
    `No cluster found for name: ${name}.`,
    subject === 'the-cluster' ? {} : { clusterName: name },
  );
}
