import { may, mayNot } from '../../../domain/index.ts';
import { type Guard, isApiserver } from './guard.ts';

/**
 * Where there is a place for one apiserver more, it is ready before another goes: clients never have fewer than
 * declared. Where its host has not the memory, the others serve: a host that runs out of it would end one of them.
 */
export const surgeBeforeStop: Guard = {
  id: 'k8s.surge-before-stop',
  judge: ({ taking, members, noRoomForSurge }) => {
    if (!isApiserver(taking.member) || taking.member.spec.surge || taking.how !== 'replace') return may;
    if (!taking.member.ready) return may;
    const surge = members.find((member) => isApiserver(member) && member.spec.surge);
    if (surge === undefined || surge.ready || noRoomForSurge === true) return may;
    return mayNot(
      'k8s.surge-before-stop',
      surge.name,
      `${surge.name} is not ready, so ${taking.member.name} stays.`,
      `${surge.name} started and ready.`,
    );
  },
};
