import { foundOrUnknown, type KubernetesCheck, namesOfGroup, policy } from './check.ts';

export const nodesReady: KubernetesCheck = {
  id: 'k8s.nodes-ready',
  asks: 'Is every node ready and free of pressure?',
  scope: 'first-hop',
  run: (context) => {
    const { seen, hop, observation } = context;
    const group = namesOfGroup(context);
    const asked = seen.nodes.filter((node) => hop.nodegroup === undefined || group.includes(node.name));
    return foundOrUnknown(
      asked.flatMap((node) => [
        ...(node.ready
          ? []
          : [policy(`node ${node.name}`, `${node.name} is not ready.`, 'See its kubelet’s log, or accept it.')]),
        ...node.pressures.map((pressure) =>
          policy(`node ${node.name}`, `${node.name} is under pressure: ${pressure}.`, 'Make room on it, or accept it.'),
        ),
      ]),
      observation,
      'nodes',
    );
  },
};
