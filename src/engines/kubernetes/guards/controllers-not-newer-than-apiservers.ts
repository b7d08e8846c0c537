import { type GuardVerdict, may, mayNot } from '../../../domain/index.ts';
import { minorOf, minorsAhead } from '../minors.ts';
import {
  aimedBehaviour,
  behaviourOf,
  type Guard,
  type GuardContext,
  type GuardedMember,
  isApiserver,
  isController,
} from './guard.ts';

/**
 * Controller managers and schedulers are never newer than what any apiserver behaves as, and one minor older at the most:
 * through a balancer they may reach every one of them.
 */
export const controllersNotNewerThanApiservers: Guard = {
  id: 'k8s.controllers-not-newer-than-apiservers',
  judge: (context) => {
    const { member, how } = context.taking;
    if (how === 'remove') return may;
    if (isController(member)) return ofController(context);
    return isApiserver(member) ? ofApiserver(context) : may;
  },
};

function ofController({ taking, members }: GuardContext): GuardVerdict {
  const wanted = taking.aim.release.version;
  for (const other of members.filter(isApiserver)) {
    const behaves = behaviourOf(other);
    if (behaves === null || withinReach(behaves, wanted)) continue;
    return mayNotBeside(taking.member, wanted, other.name, behaves);
  }
  return may;
}

function ofApiserver({ taking, members }: GuardContext): GuardVerdict {
  const behaves = aimedBehaviour(taking.aim);
  for (const other of members.filter(isController)) {
    const version = other.controller?.version ?? null;
    if (version === null || withinReach(behaves, version)) continue;
    return mayNotBeside(other, minorOf(version), taking.member.name, behaves);
  }
  return may;
}

function withinReach(apiserver: string, controller: string): boolean {
  const ahead = minorsAhead(apiserver, controller);
  return ahead === 0 || ahead === 1;
}

function mayNotBeside(controller: GuardedMember, version: string, apiserver: string, behaves: string): GuardVerdict {
  const newer = minorsAhead(version, behaves) > 0;
  return mayNot(
    'k8s.controllers-not-newer-than-apiservers',
    newer ? controller.name : apiserver,
    `${controller.name} at ${version} would be ${newer ? 'newer than' : 'more than one minor older than'} ${apiserver}, which would behave as ${behaves}.`,
    newer ? `${apiserver} behaving as ${version} first.` : `${controller.name} lifted first.`,
  );
}
