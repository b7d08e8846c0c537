import type { Adoption, KubernetesCluster, Observation, SeenKubernetes } from '../../domain/index.ts';

/** A cluster of somebody else goes on as it was declared: its members tell nothing that a restart of theirs would need. */
export function adoption(cluster: KubernetesCluster, observation: Observation<SeenKubernetes>): Adoption {
  return {
    spec: cluster.spec,
    processIds: Object.fromEntries(observation.members.map(({ name }) => [name, null])),
    missing: [],
  };
}
