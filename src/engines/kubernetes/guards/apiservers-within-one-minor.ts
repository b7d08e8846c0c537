import { may, mayNot } from '../../../domain/index.ts';
import { minorsAhead } from '../minors.ts';
import { type Guard, isApiserver, othersThan } from './guard.ts';

/** Programs of apiservers differ by one minor at the most: Kubernetes supports no more, and refuses nothing. */
export const apiserversWithinOneMinor: Guard = {
  id: 'k8s.apiservers-within-one-minor',
  judge: (context) => {
    const { member, aim, how } = context.taking;
    if (!isApiserver(member) || how === 'remove') return may;
    const far = [member, ...othersThan(context)].find(
      (other) => other.apiserver !== null && Math.abs(minorsAhead(aim.release.version, other.apiserver.version)) > 1,
    );
    if (far?.apiserver === undefined || far.apiserver === null) return may;
    return mayNot(
      'k8s.apiservers-within-one-minor',
      far.name,
      `${far.name} runs ${far.apiserver.version}: an apiserver at ${aim.release.version} would be more than one minor away.`,
      `Bring ${far.name} to a minor next to ${aim.release.version} first.`,
    );
  },
};
