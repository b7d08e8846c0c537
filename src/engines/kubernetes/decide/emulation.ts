import { compareVersions, isGoingBack, type Ledger, type Release } from '../../../domain/index.ts';
import { behaviourOf } from '../guards/index.ts';
import { changesMinor } from './course.ts';
import { rollOf } from './marks.ts';
import { type MemberStanding, ofComponent, releaseOf, type Situation } from './situation.ts';

/**
 * The minor that an apiserver that fell over is to behave as when its program is started again; null: its own. As the others
 * do; where none of them answers, never newer than what one of them or a controller may still need.
 */
export function emulationOf(situation: Situation, ledger: Ledger, member: MemberStanding, ran: Release): string | null {
  const { hop } = situation;
  const [low, high] = [hop.from.version, hop.to.version].sort(compareVersions);
  if (!changesMinor(hop) || situation.group !== null) return asOthers(situation, member, ran);
  if (low === undefined || ran.version !== high) return null;
  const lowest = [...behaviours(situation, member), ...recorded(situation, member)].sort(compareVersions)[0];
  if (lowest !== undefined && compareVersions(lowest, high) < 0) return lowest;
  if (behaviours(situation, member).length > 0) return null;
  return nobodyTells(situation, ledger, low, high);
}

/** Outside a change of the minor an emulation may stand that an upgrade left when it was paused or cancelled. */
function asOthers(situation: Situation, member: MemberStanding, ran: Release): string | null {
  const [lowest] = [...behaviours(situation, member)].sort(compareVersions);
  return lowest !== undefined && compareVersions(lowest, ran.version) < 0 ? lowest : null;
}

function behaviours(situation: Situation, member: MemberStanding): readonly string[] {
  return situation.members
    .filter((other) => other.name !== member.name && other.spec.component === 'kube-apiserver')
    .flatMap((other) => behaviourOf(other) ?? []);
}

/** Programs of apiservers that do not answer: they will behave as those at the most. */
function recorded(situation: Situation, member: MemberStanding): readonly string[] {
  return ofComponent(situation, 'kube-apiserver')
    .filter((other) => other.name !== member.name && other.apiserver === null)
    .flatMap(({ seenMember: { process } }) =>
      (process.state === 'stopped' || process.state === 'running') && process.release !== null ? [process.release.version] : [],
    );
}

function nobodyTells(situation: Situation, ledger: Ledger, low: string, high: string): string | null {
  const controllers = ofComponent(situation, 'kube-controller-manager', 'kube-scheduler');
  if (controllers.some((controller) => releaseOf(controller)?.version === high)) return null;
  const roll = rollOf(ledger, situation.hopIndex);
  if (situation.hop.back === true) return roll === null ? null : low;
  return roll === 'own' && isGoingBack(ledger, situation.hopIndex) === null ? null : low;
}
