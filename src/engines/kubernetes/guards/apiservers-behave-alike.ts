import { compareVersions, may, mayNot } from '../../../domain/index.ts';
import { minorOf } from '../minors.ts';
import { aimedBehaviour, behaviourOf, type Guard, isApiserver, othersThan } from './guard.ts';

/**
 * No apiserver behaves as a minor that another one's program does not know: behind one balancer a new API would answer
 * 404 and 200 in turn, and what one stores the other could not read.
 */
export const apiserversBehaveAlike: Guard = {
  id: 'k8s.apiservers-behave-alike',
  judge: (context) => {
    const { member, aim, how } = context.taking;
    if (!isApiserver(member) || how === 'remove') return may;
    const wanted = aimedBehaviour(aim);
    for (const other of othersThan(context).filter(isApiserver)) {
      const behaves = behaviourOf(other);
      if (other.apiserver === null || behaves === null) continue;
      const program = minorOf(other.apiserver.version);
      const ahead = compareVersions(wanted, program) > 0;
      if (!ahead && compareVersions(behaves, minorOf(aim.release.version)) <= 0) continue;
      return mayNot(
        'k8s.apiservers-behave-alike',
        other.name,
        ahead
          ? `${member.name} would behave as ${wanted}, which the program of ${other.name} (${program}) does not know.`
          : `${other.name} behaves as ${behaves}, which ${member.name} at ${aim.release.version} would not know.`,
        ahead ? `${other.name} at the newer program.` : `${other.name} behaving as ${minorOf(aim.release.version)}.`,
      );
    }
    return may;
  },
};
