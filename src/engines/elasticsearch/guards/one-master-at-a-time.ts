import { may, mayNot } from '../../../domain/index.ts';
import { type Guard, isMasterEligible, namesOf } from './guard.ts';

/** Two elections at once cost clients more than two after one another. */
export const oneMasterAtATime: Guard = {
  id: 'es.one-master-at-a-time',
  judge: ({ wave, members }) => {
    const taken = wave.filter(isMasterEligible);
    if (taken.length > 1) {
      return mayNot(
        'es.one-master-at-a-time',
        namesOf(taken),
        `${namesOf(taken)} are master-eligible and would be taken together.`,
        'A smaller wave.',
      );
    }
    const away = members.filter((member) => isMasterEligible(member) && member.node === null && !wave.includes(member));
    if (taken.length === 0 || away.length === 0) return may;
    return mayNot(
      'es.one-master-at-a-time',
      namesOf(away),
      `Master-eligible ${namesOf(away)} is not in the cluster.`,
      `${namesOf(away)} joined again.`,
    );
  },
};
