import { may, mayNot } from '../../../domain/index.ts';
import { type Guard, namesOf, othersThan } from './guard.ts';

/** A group never has more nodes away than `maxUnavailable`, and where it has a place for one more, that one is there first. */
export const groupKeepsItsNodes: Guard = {
  id: 'k8s.group-keeps-its-nodes',
  judge: (context) => {
    const { member, how } = context.taking;
    if (member.spec.component !== 'node' || member.spec.surge || how !== 'replace') return may;
    const group = othersThan(context).filter((other) => other.spec.nodegroup === member.spec.nodegroup);
    const surge = group.find((other) => other.spec.surge);
    if (surge !== undefined && (!surge.ready || surge.node?.unschedulable === true)) {
      return mayNot(
        'k8s.group-keeps-its-nodes',
        surge.name,
        `${surge.name} takes no pods yet, so ${member.name} stays.`,
        `${surge.name} ready.`,
      );
    }
    const away = group.filter((other) => !other.spec.surge && (!other.ready || other.node?.cordonedByUs === true));
    if (away.length < context.maxUnavailable) return may;
    return mayNot(
      'k8s.group-keeps-its-nodes',
      namesOf(away),
      `${namesOf(away)} of the group ${away.length === 1 ? 'takes' : 'take'} no pods, and no more than ${context.maxUnavailable} may be away.`,
      `${namesOf(away)} ready and taking pods again.`,
    );
  },
};
