import { may, mayNot } from '../../../domain/index.ts';
import { type Guard, isApiserver, namesOf, othersThan } from './guard.ts';

/** Clients move to the other apiservers while one drains: all of those must be ready, the surge one is counted besides. */
export const oneApiserverAway: Guard = {
  id: 'k8s.one-apiserver-away',
  judge: (context) => {
    const { member, how } = context.taking;
    // One that serves nobody takes nothing away.
    if (!isApiserver(member) || how === 'add' || !member.ready) return may;
    const away = othersThan(context).filter((other) => isApiserver(other) && !other.spec.surge && !other.ready);
    if (away.length === 0) return may;
    return mayNot(
      'k8s.one-apiserver-away',
      namesOf(away),
      `${namesOf(away)} ${away.length === 1 ? 'is' : 'are'} not ready, so ${member.name} stays.`,
      `${namesOf(away)} ready again.`,
    );
  },
};
