import { foundOrUnknown, type KubernetesCheck, namesOfGroup, ofNodes, policy } from './check.ts';

export const podsComeBack: KubernetesCheck = {
  id: 'k8s.pods-come-back',
  asks: 'Is every pod of the group’s nodes made again by somebody when it leaves?',
  scope: 'every-hop',
  run: ofNodes((context) => {
    const { seen, observation } = context;
    const names = namesOfGroup(context);
    return foundOrUnknown(
      seen.nodes
        .filter((node) => names.includes(node.name))
        .flatMap((node) => node.pods.filter(({ owned }) => !owned).map((pod) => ({ node, pod: `${pod.namespace}/${pod.name}` })))
        .map(({ node, pod }) =>
          policy(
            `pod ${pod}`,
            `${pod} on ${node.name} belongs to no controller: once it leaves it is gone.`,
            'Put it under a controller, or accept it.',
          ),
        ),
      observation,
      'nodes',
      'pods',
    );
  }),
};
