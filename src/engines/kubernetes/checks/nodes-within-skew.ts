import type { SeenKubernetesNode } from '../../../domain/index.ts';
import { kubeletReach, minorsAhead } from '../minors.ts';
import {
  type Found,
  foundOrUnknown,
  hazard,
  isOfNodes,
  type KubernetesCheck,
  type KubernetesContext,
  notApplicable,
} from './check.ts';

export const nodesWithinSkew: KubernetesCheck = {
  id: 'k8s.nodes-within-skew',
  asks: 'Is every kubelet within the versions that the target serves: not newer, and three minors older at the most?',
  scope: 'every-hop',
  run: (context) => {
    const { seen, hop, observation } = context;
    if (hop.back === true) return notApplicable('k8s.nodes-not-newer asks it of the way back');
    if (isOfNodes(hop)) return foundOrUnknown(groupAgainstApiservers(context), observation, 'apiserver');
    return foundOrUnknown(
      seen.nodes.flatMap((node) => nodeAgainst(node, hop.to.version)),
      observation,
      'nodes',
    );
  },
};

function nodeAgainst(node: SeenKubernetesNode, target: string): readonly Found[] {
  const behind = minorsAhead(target, node.kubeletVersion);
  const reach = kubeletReach(node.kubeletVersion);
  if (behind >= 0 && behind <= reach) return [];
  return [
    hazard(
      `node ${node.name}`,
      `${node.name} runs kubelet ${node.kubeletVersion}, which an apiserver at ${target} does not serve: it is ${behind < 0 ? 'newer' : `${behind} minors older`}.`,
      behind < 0 ? `Bring ${node.name} to ${target} or older.` : `Lift ${node.name} first.`,
    ),
  ];
}

function groupAgainstApiservers({ seen, hop }: KubernetesContext): readonly Found[] {
  return seen.apiservers.flatMap((apiserver) => {
    const behaves = apiserver.emulated ?? apiserver.version;
    const ahead = minorsAhead(hop.to.version, behaves);
    if (ahead <= 0 && -ahead <= kubeletReach(hop.to.version)) return [];
    return [
      hazard(
        `member ${apiserver.name}`,
        `Nodes at ${hop.to.version} would be ${ahead > 0 ? 'newer than' : 'too old for'} ${apiserver.name}, which behaves as ${behaves}.`,
        ahead > 0 ? 'Lift the control plane first.' : 'Choose a newer version.',
      ),
    ];
  });
}
