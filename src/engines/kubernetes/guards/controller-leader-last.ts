import { may, mayNot } from '../../../domain/index.ts';
import { type Guard, isController, namesOf, othersThan } from './guard.ts';

/** The standby goes first, the leader when the others stand ready at what it is to become: one hand-over, no second one. */
export const controllerLeaderLast: Guard = {
  id: 'k8s.controller-leader-last',
  judge: (context) => {
    const { member, aim, how } = context.taking;
    if (!isController(member) || how !== 'replace' || !member.ready) return may;
    const others = othersThan(context).filter((other) => other.spec.component === member.spec.component);
    const away = others.filter((other) => !other.ready);
    if (away.length > 0) {
      return mayNot(
        'k8s.controller-leader-last',
        namesOf(away),
        `${namesOf(away)} could not take over from ${member.name}.`,
        `${namesOf(away)} healthy again.`,
      );
    }
    if (member.controller?.leader !== true) return may;
    const old = others.filter((other) => other.seenMember.running?.version !== aim.release.version);
    if (old.length === 0) return may;
    return mayNot(
      'k8s.controller-leader-last',
      member.name,
      `${member.name} leads, and ${namesOf(old)} would take over at another version.`,
      `${namesOf(old)} at ${aim.release.version} first.`,
    );
  },
};
