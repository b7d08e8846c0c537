import { minorsAhead } from '../minors.ts';
import { foundOrUnknown, hazard, type KubernetesCheck, ofTheWayBack } from './check.ts';

export const nodesNotNewer: KubernetesCheck = {
  id: 'k8s.nodes-not-newer',
  asks: 'Is no kubelet newer than the minor that the control plane goes back to?',
  scope: 'every-hop',
  run: ofTheWayBack(({ seen, hop, observation }) =>
    foundOrUnknown(
      seen.nodes
        .filter((node) => minorsAhead(node.kubeletVersion, hop.to.version) > 0)
        .map((node) =>
          hazard(
            `node ${node.name}`,
            `${node.name} runs kubelet ${node.kubeletVersion}, newer than an apiserver at ${hop.to.version}.`,
            `Bring ${node.name} back to ${hop.to.version} first.`,
          ),
        ),
      observation,
      'nodes',
    ),
  ),
};
