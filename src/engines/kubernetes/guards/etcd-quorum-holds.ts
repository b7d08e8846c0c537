import { may, mayNot } from '../../../domain/index.ts';
import { type Guard, namesOf, othersThan } from './guard.ts';

/**
 * Every other etcd member is healthy and free of alarms when one goes, so that more than half of them stay. The only member
 * of an etcd has no majority beside it: it goes when a person has weighed that (`k8s.etcd-keeps-serving`).
 */
export const etcdQuorumHolds: Guard = {
  id: 'k8s.etcd-quorum-holds',
  judge: (context) => {
    const { member, how } = context.taking;
    // One that is not healthy counts for no majority.
    if (member.spec.component !== 'etcd' || how !== 'replace' || !member.ready) return may;
    const others = othersThan(context).filter((other) => other.spec.component === 'etcd');
    const away = others.filter((other) => !other.ready);
    if (away.length > 0 || others.length === 1) {
      const size = others.length + 1;
      const subject = away.length > 0 ? namesOf(away) : member.name;
      return mayNot(
        'k8s.etcd-quorum-holds',
        subject,
        `Taking ${member.name} would leave ${others.length - away.length} of ${size} etcd members; a majority is ${Math.floor(size / 2) + 1}.`,
        away.length > 0 ? `${subject} healthy again.` : 'An etcd of one or of three members.',
      );
    }
    return may;
  },
};
