import { foundOrUnknown, type KubernetesCheck, namesOfGroup, policy } from './check.ts';

export const nobodyCordoned: KubernetesCheck = {
  id: 'k8s.nobody-cordoned',
  asks: 'Does every node take pods?',
  scope: 'first-hop',
  run: (context) => {
    const { seen, hop, observation } = context;
    const group = namesOfGroup(context);
    return foundOrUnknown(
      seen.nodes
        .filter((node) => node.unschedulable && !node.cordonedByUs)
        .filter((node) => hop.nodegroup === undefined || group.includes(node.name))
        .map((node) =>
          policy(`node ${node.name}`, `${node.name} is cordoned.`, `kubectl uncordon ${node.name}, or accept it: it stays so.`),
        ),
      observation,
      'nodes',
    );
  },
};
