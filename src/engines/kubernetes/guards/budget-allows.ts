import { may, mayNot } from '../../../domain/index.ts';
import type { Guard, GuardContext } from './guard.ts';

/** A drain is not begun while a budget lets none of its pods go: the node would only stand cordoned. */
export const budgetAllows: Guard = {
  id: 'k8s.budget-allows',
  judge: (context) => {
    const { member, how } = context.taking;
    if (member.spec.component !== 'node' || how === 'add' || context.forced) return may;
    const [first, ...others] = blockedPods(context);
    if (first === undefined) return may;
    const subject = [first, ...others].map(({ pod }) => pod).join(', ');
    return mayNot(
      'k8s.budget-allows',
      subject,
      `The disruption budget ${first.budget} lets no pod go, so ${first.pod} cannot leave ${member.name}.`,
      `${first.budget} allowing a disruption: more ready pods, or another budget.`,
    );
  },
};

export interface BlockedPod {
  readonly pod: string;
  readonly budget: string;
}

/** Pods of the member's node that a budget keeps now, as far as it is known which budgets are theirs. */
export function blockedPods({ taking, seen }: Pick<GuardContext, 'taking' | 'seen'>): readonly BlockedPod[] {
  return (taking.member.node?.pods ?? []).flatMap((pod) => {
    const budget = seen.disruptionBudgets.find(
      (candidate) =>
        candidate.namespace === pod.namespace &&
        pod.budgets?.includes(candidate.name) === true &&
        candidate.disruptionsAllowed < 1 &&
        candidate.expectedPods > 0,
    );
    return budget === undefined ? [] : [{ pod: `${pod.namespace}/${pod.name}`, budget: `${budget.namespace}/${budget.name}` }];
  });
}
