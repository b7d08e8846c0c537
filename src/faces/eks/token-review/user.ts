import type { Caller, KubernetesCluster } from '../../../domain/index.ts';
import { accountId, callerArn, clusterArn } from '../arn.ts';
import type { ReviewAnswer } from './review.ts';

/** Whoever may do this on a cluster may do everything in it. IAM has an action of this name. */
export const accessAction = 'eks:AccessKubernetesApi';
/** Whoever may only do this looks, with what RBAC grants the group. An action of ours. */
export const viewAction = 'eks:ViewKubernetesApi';

export const administrators = 'system:masters';
export const viewers = 'clusterlift:viewers';

/** The user that a key is inside a cluster: of the cluster's own account, with the groups that the key's policy is worth. */
export function userOf(
  caller: Caller,
  cluster: KubernetesCluster,
  allows: (caller: Caller, action: string, resource: string) => boolean,
): ReviewAnswer {
  const arn = callerArn(caller);
  const resource = clusterArn(cluster, cluster.name);
  const says = `User: ${arn} is not authorized to perform: ${accessAction} on resource: ${resource}`;
  if (caller.account !== cluster.account) return { kind: 'unknown', says };
  const group = allows(caller, accessAction, resource) ? administrators : allows(caller, viewAction, resource) ? viewers : null;
  if (group === null) return { kind: 'unknown', says };
  return {
    kind: 'user',
    user: {
      username: arn,
      uid: `aws-iam-authenticator:${accountId(caller.account)}:${caller.keyId}`,
      groups: [group],
      extra: { accessKeyId: [caller.keyId], arn: [arn], canonicalArn: [arn], principalId: [caller.keyId], sessionName: [''] },
    },
  };
}
