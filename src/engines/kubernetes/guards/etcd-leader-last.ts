import { may, mayNot } from '../../../domain/index.ts';
import { type Guard, othersThan } from './guard.ts';

/** The leader is moved away before it goes: stopping it costs an election, and with it a request that clients do not repeat. */
export const etcdLeaderLast: Guard = {
  id: 'k8s.etcd-leader-last',
  judge: (context) => {
    const { member, how } = context.taking;
    if (member.spec.component !== 'etcd' || how !== 'replace' || member.etcd?.leader !== true) return may;
    if (!othersThan(context).some((other) => other.spec.component === 'etcd')) return may;
    return mayNot('k8s.etcd-leader-last', member.name, `${member.name} leads etcd.`, 'The leadership moved to another member.');
  },
};
