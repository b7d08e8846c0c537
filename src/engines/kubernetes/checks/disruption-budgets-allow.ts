import { type Found, foundOrUnknown, type KubernetesCheck, namesOfGroup, ofNodes, policy, told } from './check.ts';

/** Told beforehand; a start is not held back, because budgets change by the hour: the loop waits, and gives up with the pods' names. */
export const disruptionBudgetsAllow: KubernetesCheck = {
  id: 'k8s.disruption-budgets-allow',
  asks: 'Does every disruption budget let the pods of the group’s nodes go?',
  scope: 'every-hop',
  run: ofNodes((context) => {
    const { seen, observation } = context;
    const names = namesOfGroup(context);
    const pods = seen.nodes.filter((node) => names.includes(node.name)).flatMap((node) => node.pods);
    const findings = pods.flatMap((pod): readonly Found[] => {
      const name = `${pod.namespace}/${pod.name}`;
      const budgets = seen.disruptionBudgets.filter(
        (budget) => budget.namespace === pod.namespace && pod.budgets?.includes(budget.name) === true,
      );
      if (budgets.length > 1) {
        const several = budgets.map((budget) => budget.name).join(', ');
        return [
          told(
            policy(`pod ${name}`, `${name} has several budgets (${several}): its eviction is refused.`, 'Leave it one budget.'),
          ),
        ];
      }
      const full = budgets.find((budget) => budget.disruptionsAllowed < 1 && budget.expectedPods > 0);
      if (full === undefined) return [];
      const evidence = [`${full.currentHealthy} of ${full.expectedPods} pods are healthy, ${full.desiredHealthy} must be`];
      const says = `The disruption budget ${full.name} lets no pod go now, ${name} neither.`;
      return [told(policy(`pod ${name}`, says, 'More ready pods, another budget, or force.', evidence))];
    });
    return foundOrUnknown(findings, observation, 'nodes', 'pods', 'budgets');
  }),
};
