import {
  isGoingBack,
  type KubernetesComponent,
  type Ledger,
  lasted,
  type Reason,
  reason,
  withoutSince,
  withSince,
} from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { courseOf, misfits, takesMembers } from './course.ts';
import { wait } from './decision.ts';
import { leave } from './leave.ts';
import { soaking } from './marks.ts';
import type { Outcome } from './outcome.ts';
import { isInHand, type MemberStanding, ofComponent, type Situation } from './situation.ts';
import { turnBackWith, wasTouched } from './stray.ts';
import { processNotKnown } from './waiting.ts';

/** Nothing is taken before every other member of the control plane serves: waited for, then turned back or stopped. */
export function watchOthers(situation: Situation, ledger: Ledger): Outcome {
  const goingBack = isGoingBack(ledger, situation.hopIndex) !== null;
  const toBeTaken = goingBack ? nextMisfits(situation, ledger) : [];
  const away = ofComponent(situation, 'etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'front-door').filter(
    (member) => !member.ready && !isInHand(ledger, member) && !toBeTaken.includes(member),
  );
  const [first] = away;
  const names = away.map((member) => `away ${member.name}`);
  const others = Object.keys(ledger.since).filter((key) => key.startsWith('away ') && !names.includes(key));
  const current = withoutSince(ledger, ...others);
  if (first === undefined) return watchLeaders(situation, current);
  const key = `away ${first.name}`;
  const watched = away.some(({ spec }) => spec.component === 'kube-apiserver') ? withoutSince(current, soaking) : current;
  const waiting = withSince(watched, key, situation.input.now);
  const because = awayReason(first);
  const patience = processNotKnown(first) === null ? limits.readyTimeoutMs : limits.processPatienceMs;
  if (lasted(waiting, key, situation.nowMs) < patience) return { decision: wait(waiting, because) };
  const over = withoutSince(waiting, key);
  if (situation.group === null && wasTouched(situation, over, first)) return turnBackWith(situation, over, first, because);
  return { decision: leave(situation, over, { kind: 'stop', because }) };
}

function nextMisfits(situation: Situation, ledger: Ledger): readonly MemberStanding[] {
  return courseOf(situation, ledger)
    .filter(takesMembers)
    .flatMap((step) => misfits(situation, step));
}

function awayReason(member: MemberStanding): Reason {
  const notReady = member.apiserver?.notReady ?? [];
  return (
    processNotKnown(member) ??
    reason(
      'k8s.member-not-ready',
      member.name,
      `${member.name} ${member.seenMember.process.state === 'running' ? 'runs and ' : ''}is not ready.`,
      `${member.name} ready again; see its log for what keeps it.`,
      notReady.map((name) => `readyz: ${name} failed`),
    )
  );
}

/**
 * A controller manager that is stopped keeps its lease: the standby waits it out. Nothing is taken in between but schedulers,
 * which have a lease of their own.
 */
function watchLeaders(situation: Situation, before: Ledger): Outcome {
  let ledger = before;
  for (const component of ['kube-controller-manager', 'kube-scheduler'] as const) {
    const members = ofComponent(situation, component);
    const key = `no leader ${component}`;
    const leaderless = members.length > 0 && members.every((member) => member.controller?.leader === false);
    if (!leaderless) {
      ledger = withoutSince(ledger, key);
      continue;
    }
    const waiting = withSince(ledger, key, situation.input.now);
    const because = reason(
      'k8s.controller-without-leader',
      component,
      `No ${component} leads: a lease that was not given back has to run out.`,
      'Another one leading, within twenty seconds.',
    );
    if (lasted(waiting, key, situation.nowMs) < limits.leaderPatienceMs) {
      if (!isOthersTurn(situation, ledger, component)) return { decision: wait(waiting, because) };
      ledger = waiting;
      continue;
    }
    return { decision: leave(situation, withoutSince(waiting, key), { kind: 'stop', because }) };
  }
  return { ledger };
}

/** Whoever is to be taken next is a controller of the other kind. */
function isOthersTurn(situation: Situation, ledger: Ledger, component: KubernetesComponent): boolean {
  const next = courseOf(situation, ledger)
    .filter(takesMembers)
    .find((step) => misfits(situation, step).length > 0);
  return next?.kind === 'controllers' && misfits(situation, next).every(({ spec }) => spec.component !== component);
}
