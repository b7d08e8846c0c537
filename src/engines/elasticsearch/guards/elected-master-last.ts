import { may, mayNot } from '../../../domain/index.ts';
import { type Guard, namesOf } from './guard.ts';

/**
 * The elected master goes in the last wave: one election instead of several. And an old node that drops out can only
 * join again while an old master is there.
 */
export const electedMasterLast: Guard = {
  id: 'es.elected-master-last',
  judge: ({ wave, members, seen }) => {
    const elected = wave.find((member) => member.node !== null && member.node.nodeId === seen.masterNodeId);
    if (elected === undefined || elected.lifted) return may;
    const others = members.filter((member) => !member.lifted && !wave.includes(member));
    if (others.length === 0) return may;
    return mayNot(
      'es.elected-master-last',
      elected.spec.name,
      `${elected.spec.name} is the elected master and ${namesOf(others)} still to come.`,
      `${namesOf(others)} lifted.`,
    );
  },
};
