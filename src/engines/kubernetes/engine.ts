import {
  type Engine,
  type KubernetesCluster,
  type KubernetesComponent,
  kubernetesMembers,
  type SeenKubernetes,
} from '../../domain/index.ts';
import { adoption, isForeign } from './adoption.ts';
import { call } from './call/index.ts';
import { checks } from './checks/index.ts';
import { decide } from './decide/index.ts';
import { draft, troubles } from './draft/index.ts';
import { artefacts, launch, trialPorts, trialText } from './launch/index.ts';
import { leftovers } from './leftovers.ts';
import { isAct, moves } from './moves/index.ts';
import { afterUpgrade, nodegroupRules } from './nodegroup-rules.ts';
import { basisOf, newestOf, observe, releaseOf } from './observe/index.ts';
import { planHops, touches } from './plan.ts';
import { needsOwner, upkeep } from './upkeep.ts';

export const kubernetesEngine: Engine<SeenKubernetes> = {
  name: 'kubernetes',
  observe,
  checks,
  releaseOf,
  newestOf,
  planHops,
  touches,
  basisOf,
  troubles,
  draft,
  upkeep,
  needsOwner,
  nodegroups: nodegroupRules,
  after: afterUpgrade,
  adoption,
  decide,
  perform: (move, context, io) => {
    if (!isAct(move.move)) throw new Error(`there is no move ${move.move}`);
    return moves[move.move](move, context, io);
  },
  launch,
  trialPorts,
  trialText,
  artefacts,
  leftovers,
  call,
  members: (cluster: KubernetesCluster) =>
    kubernetesMembers(cluster.spec).map(({ name, host, surge, component }) => ({
      name,
      host,
      surge,
      layer: layerOf(component),
      foreign: isForeign(cluster),
    })),
};

/** etcd below the apiservers, these below everything else. */
function layerOf(component: KubernetesComponent): number {
  if (component === 'etcd') return 0;
  return component === 'kube-apiserver' ? 1 : 2;
}
