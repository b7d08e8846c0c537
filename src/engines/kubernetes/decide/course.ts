import { catalogRelease, compareVersions, type Hop, isGoingBack, type Ledger, type Release } from '../../../domain/index.ts';
import type { Aim } from '../guards/index.ts';
import { behaviourOf } from '../guards/index.ts';
import { minorOf } from '../minors.ts';
import { etcdBefore, type Roll, rewrittenMark, rollMark, rollOf } from './marks.ts';
import { is, type MemberStanding, ofComponent, runs, type Situation } from './situation.ts';

/** One step of a hop's course that takes members: what they are to become, and who is that, or past it, already. */
export interface TakingStep {
  readonly kind: 'etcd' | 'apiservers' | 'controllers';
  readonly aim: Aim;
  readonly fits: (member: MemberStanding) => boolean;
  /** Of apiservers. */
  readonly roll: Roll | null;
}

export type Step =
  | TakingStep
  | { readonly kind: 'snapshot' }
  /** The new programs are watched behaving as the old minor. */
  | { readonly kind: 'soak' }
  | { readonly kind: 'rewrite-storage' };

export function changesMinor(hop: Hop): boolean {
  return hop.from.version !== hop.to.version;
}

/**
 * The steps of a hop of the control plane. Each is found done or not by looking, so a course is always walked from its
 * beginning. Controller managers and schedulers do not emulate: they go when no apiserver emulates any more, and on the way
 * back before any does.
 */
export function courseOf(situation: Situation, ledger: Ledger): readonly Step[] {
  const { hop, hopIndex } = situation;
  const back = isGoingBack(ledger, hopIndex) !== null;
  if (!changesMinor(hop)) return back ? backToBuild(hop) : toBuild(hop);
  if (hop.back === true) return back ? backToNewer(hop) : toOlder(hop);
  return back ? backToOlder(hop) : toNewer(situation);
}

function own(release: Release): Aim {
  return { release, emulate: null };
}

function toBuild({ to }: Hop): readonly Step[] {
  const fits = (member: MemberStanding) => is(member, own(to));
  return [
    { kind: 'apiservers', roll: 'own', aim: own(to), fits },
    { kind: 'controllers', roll: null, aim: own(to), fits },
  ];
}

function backToBuild({ from, to }: Hop): readonly Step[] {
  const fits = (member: MemberStanding) => !runs(member.seenMember.running, to);
  return [
    { kind: 'apiservers', roll: 'own', aim: own(from), fits },
    { kind: 'controllers', roll: null, aim: own(from), fits },
  ];
}

function toNewer(situation: Situation): readonly Step[] {
  const { from, to } = situation.hop;
  const etcd = etcdTarget(situation);
  const etcdStep: readonly Step[] =
    etcd === null
      ? []
      : [
          {
            kind: 'etcd',
            roll: null,
            aim: own(etcd),
            fits: (member) => member.etcd !== null && compareVersions(member.etcd.version, etcd.version) >= 0,
          },
        ];
  return [
    { kind: 'snapshot' },
    ...etcdStep,
    {
      kind: 'apiservers',
      roll: 'emulating',
      aim: { release: to, emulate: from.version },
      fits: (member) => runs(member.seenMember.running, to),
    },
    { kind: 'soak' },
    { kind: 'apiservers', roll: 'own', aim: own(to), fits: (member) => is(member, own(to)) },
    { kind: 'controllers', roll: null, aim: own(to), fits: (member) => is(member, own(to)) },
  ];
}

/** Going back on the way to a newer minor: the programs of the newer one, which nobody has let behave as such yet, go. */
function backToOlder({ from }: Hop): readonly Step[] {
  return [{ kind: 'apiservers', roll: 'emulating', aim: own(from), fits: (member) => ofMinor(member, from) }];
}

function toOlder({ from, to }: Hop): readonly Step[] {
  return [
    { kind: 'snapshot' },
    { kind: 'controllers', roll: null, aim: own(to), fits: (member) => is(member, own(to)) },
    {
      kind: 'apiservers',
      roll: 'emulating',
      aim: { release: from, emulate: to.version },
      fits: (member) => behaviourOf(member) === to.version,
    },
    { kind: 'rewrite-storage' },
    { kind: 'apiservers', roll: 'own', aim: own(to), fits: (member) => is(member, own(to)) },
  ];
}

/** Going back on the way to an older minor: forward again to the newer one that was left. */
function backToNewer({ from, to }: Hop): readonly Step[] {
  return [
    {
      kind: 'apiservers',
      roll: 'emulating again',
      aim: { release: from, emulate: to.version },
      fits: (member) => ofMinor(member, from),
    },
    {
      kind: 'apiservers',
      roll: 'own again',
      aim: own(from),
      fits: (member) => ofMinor(member, from) && behaviourOf(member) === from.version,
    },
    { kind: 'controllers', roll: null, aim: own(from), fits: (member) => ofMinor(member, from) },
  ];
}

function ofMinor(member: MemberStanding, release: Release): boolean {
  const { running } = member.seenMember;
  return running !== null && minorOf(running.version) === release.version;
}

/** The etcd that the target's control plane runs with, where ours are older; null where etcd is not ours or new enough. */
export function etcdTarget({ hop, input, members }: Pick<Situation, 'hop' | 'input' | 'members'>): Release | null {
  const version = catalogRelease(input.catalog, hop.to.version)?.etcd;
  if (version === undefined || hop.back === true || !changesMinor(hop)) return null;
  return members.some(({ spec }) => spec.component === 'etcd') ? { version, build: null } : null;
}

export function takesMembers(step: Step): step is TakingStep {
  return step.kind === 'etcd' || step.kind === 'apiservers' || step.kind === 'controllers';
}

/** The members that a step is about. */
export function membersOf(situation: Situation, step: TakingStep): readonly MemberStanding[] {
  switch (step.kind) {
    case 'etcd':
      return ofComponent(situation, 'etcd');
    case 'apiservers':
      return ofComponent(situation, 'kube-apiserver');
    case 'controllers':
      return ofComponent(situation, 'kube-controller-manager', 'kube-scheduler');
  }
}

/** Members of which it is seen that they are still to be taken. */
export function misfits(situation: Situation, step: TakingStep): readonly MemberStanding[] {
  return membersOf(situation, step).filter((member) => member.seenMember.running !== null && !step.fits(member));
}

/** The soak or the rewriting is over: noted, or nobody is left for what it stands before. */
export function isPassed(situation: Situation, ledger: Ledger, course: readonly Step[], step: Step): boolean {
  const next = course.slice(course.indexOf(step) + 1).find(takesMembers);
  const isThere = (member: MemberStanding) => member.seenMember.running !== null && next?.fits(member) === true;
  if (next !== undefined && membersOf(situation, next).every(isThere)) return true;
  if (step.kind === 'soak') return rollOf(ledger, situation.hopIndex) === 'own';
  return ledger.marks.includes(rewrittenMark(situation.hopIndex));
}

/**
 * What a member that was taken is to become: the aim of the first step for its component that is still open, as far as the
 * members that answer show it. A further roll of the apiservers counts when it has begun.
 */
export function stepFor(situation: Situation, ledger: Ledger, member: MemberStanding): TakingStep {
  const { component } = member.spec;
  if (component === 'etcd') return etcdStepFor(situation, ledger, member);
  const kind = component === 'kube-apiserver' ? 'apiservers' : 'controllers';
  const steps = courseOf(situation, ledger)
    .filter(takesMembers)
    .filter((step) => step.kind === kind);
  const [first, ...further] = steps;
  if (first === undefined) return stays(member, situation.hop.from);
  let chosen = first;
  for (const step of further) {
    if (misfits(situation, chosen).length > 0 || !hasBegun(situation, ledger, step)) break;
    chosen = step;
  }
  return chosen;
}

function hasBegun({ hopIndex }: Situation, ledger: Ledger, { roll }: TakingStep): boolean {
  return roll === null || ledger.marks.includes(rollMark(hopIndex, roll));
}

function etcdStepFor(situation: Situation, ledger: Ledger, member: MemberStanding): TakingStep {
  const forward = courseOf(situation, ledger).find((step) => step.kind === 'etcd');
  if (forward !== undefined && takesMembers(forward)) return forward;
  const before = etcdBefore(ledger, situation.hopIndex, member.name);
  return stays(member, before === null ? situation.hop.from : { version: before, build: null });
}

/** It is to be what it was; as whatever it runs, it is left so. */
function stays(member: MemberStanding, fallback: Release): TakingStep {
  const { process } = member.seenMember;
  const kind = member.spec.component === 'etcd' ? 'etcd' : 'controllers';
  const recorded = process.state === 'stopped' && kind !== 'etcd' ? process.release : null;
  return { kind, roll: null, aim: own(recorded ?? fallback), fits: (other) => other.seenMember.running !== null };
}
