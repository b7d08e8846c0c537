import type { Adoption, KubernetesCluster, Observation, SeenKubernetes } from '../../domain/index.ts';
import { releaseOf } from './observe/index.ts';

/** Its owner has the keys of its authority and the flags of its members: without them none can be started again. */
export function isForeign({ origin }: Pick<KubernetesCluster, 'origin'>): boolean {
  return origin === 'registered';
}

/** A cluster of somebody else goes on as it was declared. With which version it began nobody tells: with the one that it runs. */
export function adoption(cluster: KubernetesCluster, observation: Observation<SeenKubernetes>): Adoption {
  const { spec } = cluster;
  return {
    spec: { ...spec, firstVersion: releaseOf(observation)?.version ?? spec.firstVersion },
    processIds: {},
    missing: [],
  };
}
