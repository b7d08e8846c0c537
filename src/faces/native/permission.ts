/** What the policy of the calling key says of a request. */
import { allows } from '../../domain/index.ts';
import type { Call, FaceParts } from './call.ts';
import { type ApiError, fail, shown } from './errors.ts';
import type { Operation } from './operation.ts';

/** What a request is about. `everything` is what has no name of its own, such as a list. */
export type Subject =
  | { readonly kind: 'cluster' | 'plan' | 'upgrade' | 'key'; readonly id: string }
  | { readonly kind: 'new-cluster'; readonly name: string }
  | 'everything';

/** `clusterlift:StartUpgrade`. */
export function actionOf({ id }: Pick<Operation, 'id'>): string {
  return `clusterlift:${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}

/** Null where it may be done. */
export async function refusedByPolicy(parts: FaceParts, operation: Operation, call: Call): Promise<ApiError | null> {
  const { policy } = call.caller;
  if (policy === null || operation.admits !== 'by-policy') return null;
  const action = actionOf(operation);
  const resource = await resourceOf(parts, call, operation.concerns(call));
  if (allows(policy, action, resource)) return null;
  return fail('denied', `The policy of your access key does not allow ${action} on ${shown(resource)}.`, {
    remedy: 'Take a key whose policy allows it.',
    details: { action, resource },
  });
}

/** By the `{name}` in its path. */
export function subjectOf(params: unknown): Subject {
  const { clusterId, planId, upgradeId, keyId } = params as Readonly<Record<string, string | undefined>>;
  if (clusterId !== undefined) return { kind: 'cluster', id: clusterId };
  if (planId !== undefined) return { kind: 'plan', id: planId };
  if (upgradeId !== undefined) return { kind: 'upgrade', id: upgradeId };
  return keyId === undefined ? 'everything' : { kind: 'key', id: keyId };
}

/** As the audit trail has it: by ids, for names may be another's tomorrow. */
export function nameOf(subject: Subject): string {
  if (subject === 'everything') return '*';
  return subject.kind === 'new-cluster' ? `cluster/${subject.name}` : `${subject.kind}/${subject.id}`;
}

/** `cluster/NAME`, by which owners know their clusters; what does not exist is named by its id. */
async function resourceOf({ control }: FaceParts, { caller }: Call, subject: Subject): Promise<string> {
  if (subject === 'everything') return '*';
  if (subject.kind === 'new-cluster') return `cluster/${subject.name}`;
  const { kind, id } = subject;
  if (kind === 'key') return `key/${id}`;
  const clusterId = kind === 'cluster' ? id : await clusterOf();
  const cluster = clusterId === undefined ? undefined : await control.getCluster(caller, clusterId);
  return `cluster/${cluster?.name ?? id}`;

  async function clusterOf(): Promise<string | undefined> {
    const found = kind === 'plan' ? await control.getPlan(caller, id) : await control.getUpgrade(caller, id);
    return found?.clusterId;
  }
}
