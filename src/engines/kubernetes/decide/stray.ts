import {
  attemptsOf,
  type Decision,
  type KubernetesComponent,
  type Ledger,
  type Release,
  showRelease,
  withAttempt,
  withoutSince,
} from '../../../domain/index.ts';
import type { Aim } from '../guards/index.ts';
import { limits } from '../limits.ts';
import { stepFor } from './course.ts';
import { act } from './decision.ts';
import { emulationOf } from './emulation.ts';
import { goBackOrStop } from './going-back.ts';
import { aimParameters, doesNotStart, showAim } from './launching.ts';
import { leave } from './leave.ts';
import { rollOf, soaking } from './marks.ts';
import { needsFirst } from './needs.ts';
import type { Outcome } from './outcome.ts';
import { identityOf, isDown, isInHand, type MemberStanding, releaseOf, runs, type Situation } from './situation.ts';

/** What others stand on comes first. */
const order: readonly KubernetesComponent[] = [
  'etcd',
  'front-door',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'node',
];

/**
 * Members that nobody took and that ended by themselves are started again as what they were: controllers end when etcd has
 * lost its majority, an apiserver that was killed stays away. One that cannot be started before another serves is left for
 * later; a node that does not come is no reason to hold the control plane.
 */
export function startStray(situation: Situation, ledger: Ledger): Outcome {
  const strays = situation.members
    .filter((member) => isStray(situation, ledger, member))
    .sort((a, b) => order.indexOf(a.spec.component) - order.indexOf(b.spec.component));
  for (const member of strays) {
    if (needsFirst(situation, member) !== null) continue;
    const attempts = attemptsOf(ledger, restartKey(member));
    if (attempts < limits.restartAttempts) return { decision: restart(situation, ledger, member) };
    if (member.spec.component !== 'node') return givenUp(situation, ledger, member);
  }
  return { ledger };
}

function isStray(situation: Situation, ledger: Ledger, member: MemberStanding): boolean {
  if (member.spec.surge || isInHand(ledger, member) || member.seenMember.process.state !== 'stopped') return false;
  const group = situation.cluster.spec.nodegroups.find(({ name }) => name === member.spec.nodegroup);
  return isDown(member) && group?.deleting !== true;
}

function restartKey({ name }: MemberStanding): string {
  return `restart ${name}`;
}

function restart(situation: Situation, ledger: Ledger, member: MemberStanding): Decision {
  const watched = member.spec.component === 'kube-apiserver' ? withoutSince(ledger, soaking) : ledger;
  const counted = withAttempt(watched, restartKey(member));
  const { process } = member.seenMember;
  const ran = process.state === 'stopped' ? process.release : null;
  const on = [identityOf(member)];
  if (member.spec.component === 'node') {
    const release = ran ?? situation.group?.release ?? situation.cluster.spec.release;
    const why = `${member.name} ended by itself: starts it again at ${showRelease(release)}.`;
    return act(counted, 'start-node', on, { version: release.version, build: release.build }, why);
  }
  if (member.spec.component === 'front-door') {
    const parameters = { version: ran?.version ?? null, build: ran?.build ?? null, emulate: null };
    return act(counted, 'start-member', on, parameters, `${member.name} ended by itself: starts it again.`);
  }
  const aim = aimOfStray(situation, ledger, member, ran);
  const why = `${member.name} ended by itself: starts it again at ${showAim(aim)}.`;
  return act(counted, 'start-member', on, aimParameters(aim), why);
}

function aimOfStray(situation: Situation, ledger: Ledger, member: MemberStanding, ran: Release | null): Aim {
  if (ran === null) return stepFor(situation, ledger, member).aim;
  const emulate = member.spec.component === 'kube-apiserver' ? emulationOf(situation, ledger, member, ran) : null;
  return { release: ran, emulate };
}

/** It runs, or last ran, as something that this hop made of it. */
export function wasTouched(situation: Situation, ledger: Ledger, member: MemberStanding): boolean {
  const { hop, hopIndex } = situation;
  if (runs(releaseOf(member), hop.to)) return true;
  return hop.back === true && member.spec.component === 'kube-apiserver' && rollOf(ledger, hopIndex) !== null;
}

function givenUp(situation: Situation, ledger: Ledger, member: MemberStanding): Outcome {
  const { process } = member.seenMember;
  const ran = process.state === 'stopped' ? process.release : null;
  const because = doesNotStart(member, aimOfStray(situation, ledger, member, ran));
  if (situation.group === null && wasTouched(situation, ledger, member)) return turnBackWith(situation, ledger, member, because);
  return { decision: leave(situation, ledger, { kind: 'stop', because }) };
}

/** It is in hand from now on: the first to go where the hop is walked back, and the first to be started by whoever resumes. */
export function turnBackWith(
  situation: Situation,
  ledger: Ledger,
  member: MemberStanding,
  because: ReturnType<typeof doesNotStart>,
): Outcome {
  return goBackOrStop(situation, { ...ledger, inHand: [...ledger.inHand, identityOf(member)] }, because);
}
