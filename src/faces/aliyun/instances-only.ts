import type { Control } from '../../control/index.ts';
import type { Caller, Cluster } from '../../domain/index.ts';

/** Control as this API sees it: clusters of other engines, which the same account may have, are not there. */
export function instancesOnly(control: Control): Control {
  const isThere = async (caller: Caller, clusterId: string) => {
    const cluster = await control.getCluster(caller, clusterId);
    return cluster !== undefined && isInstance(cluster);
  };
  return {
    ...control,
    getCluster: async (caller, clusterId) => {
      const cluster = await control.getCluster(caller, clusterId);
      return cluster !== undefined && isInstance(cluster) ? cluster : undefined;
    },
    listClusters: async (caller) => (await control.listClusters(caller)).filter(isInstance),
    clusterView: async (caller, clusterId) => {
      const view = await control.clusterView(caller, clusterId);
      return view !== undefined && isInstance(view.cluster) ? view : undefined;
    },
    clusterViews: async (caller) => (await control.clusterViews(caller)).filter(({ cluster }) => isInstance(cluster)),
    changeCluster: async (caller, clusterId, change) =>
      (await isThere(caller, clusterId)) ? control.changeCluster(caller, clusterId, change) : undefined,
    tagTroubles: async (caller, clusterId, tags) =>
      (await isThere(caller, clusterId)) ? control.tagTroubles(caller, clusterId, tags) : [],
    removeCluster: async (caller, clusterId, graceMs) =>
      (await isThere(caller, clusterId)) ? control.removeCluster(caller, clusterId, graceMs) : 'not-found',
    cancelRemoval: async (caller, clusterId) =>
      (await isThere(caller, clusterId)) ? control.cancelRemoval(caller, clusterId) : 'not-found',
    observeCluster: async (caller, clusterId) =>
      (await isThere(caller, clusterId)) ? control.observeCluster(caller, clusterId) : undefined,
    engineCall: async (caller, clusterId, call) =>
      (await isThere(caller, clusterId)) ? control.engineCall(caller, clusterId, call) : { kind: 'not-found' },
  };
}

function isInstance({ spec }: Cluster): boolean {
  return spec.kind === 'elasticsearch';
}
