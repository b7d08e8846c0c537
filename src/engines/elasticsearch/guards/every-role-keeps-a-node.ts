import { may, mayNot } from '../../../domain/index.ts';
import { type Guard, namesOf } from './guard.ts';

/** One node of each role stays, where the cluster has more than one of it. */
export const everyRoleKeepsANode: Guard = {
  id: 'es.every-role-keeps-a-node',
  judge: ({ wave, members }) => {
    for (const role of ['master', 'data', 'ingest'] as const) {
      const holders = members.filter((member) => member.spec.roles.includes(role));
      const staying = holders.filter((member) => member.node !== null && !wave.includes(member));
      if (holders.length > 1 && staying.length === 0 && wave.some((member) => member.spec.roles.includes(role))) {
        return mayNot(
          'es.every-role-keeps-a-node',
          role,
          `Taking ${namesOf(wave)} would leave no node with the role ${role}.`,
          `Another ${role} node joined.`,
        );
      }
    }
    return may;
  },
};
