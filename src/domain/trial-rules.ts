/** What trial starts mean for whoever asks before an upgrade, and for the loop that is about to take a member. Pure. */
import type { CheckResult, Finding } from './check.ts';
import { type OperatorReason, reason, type WaitReason } from './reason.ts';
import { type Release, sameRelease, showRelease } from './release.ts';
import type { MemberTrial } from './trial.ts';

/** How an engine speaks of them. */
export interface TrialWords {
  /** What codes of reasons begin with: `es`. */
  readonly engine: string;
  /** The check that tells of trials: whoever acknowledged it goes on without one that could not run. */
  readonly check: string;
  /** What a finding calls a member: `node`. */
  readonly member: string;
  /** What a release refuses: `settings`. */
  readonly refused: string;
}

/** The check that asks whether the trials of these members for a release have passed. */
export function trialsPassed(
  words: TrialWords,
  members: readonly string[],
  release: Release,
  trials: readonly MemberTrial[],
): CheckResult {
  const ours = trials.filter(({ key }) => sameRelease(key.release, release) && members.includes(key.member));
  if (ours.length > 0 && ours.every(({ outcome }) => outcome.kind === 'off'))
    return { kind: 'not-applicable', because: 'trial starts are switched off' };
  const findings = members.flatMap((name) =>
    findingOf(
      words,
      name,
      release.version,
      ours.find(({ key }) => key.member === name),
    ),
  );
  const failed = ours.find(({ outcome }) => outcome.kind === 'could-not-run');
  // A refusal counts whatever else could not be tried.
  if (!findings.some(({ kind }) => kind === 'hazard') && failed?.outcome.kind === 'could-not-run')
    return { kind: 'could-not-run', because: `${failed.key.member}: ${failed.outcome.because}` };
  return findings.length === 0 ? { kind: 'passed' } : { kind: 'found', findings };
}

type Found = Omit<Finding, 'check' | 'hop'>;

function findingOf(words: TrialWords, member: string, version: string, trial: MemberTrial | undefined): readonly Found[] {
  const subject = `${words.member} ${member}`;
  switch (trial?.outcome.kind) {
    case 'passed':
    case 'off':
    case 'could-not-run':
      return [];
    case 'refused': {
      const says = `${version} refuses the ${words.refused} of ${member}.`;
      const remedy = `Change the ${words.refused} that it names.`;
      return [{ kind: 'hazard', subject, says, remedy, evidence: trial.outcome.lastLines }];
    }
    default: {
      const says = `The trial start of ${member} at ${version} has not finished.`;
      return [{ kind: 'policy', subject, says, remedy: 'Ask again in a minute.', evidence: [], loopWaits: true }];
    }
  }
}

/** What the trial of a member means now that the member is to be touched: `waits` until a person is asked, with why then. */
export type TrialStanding =
  | { readonly kind: 'goes-on' }
  | { readonly kind: 'refused'; readonly because: OperatorReason }
  | { readonly kind: 'waits'; readonly because: WaitReason; readonly inTheEnd: OperatorReason };

export function trialStanding(
  words: TrialWords,
  member: string,
  release: Release,
  trials: readonly MemberTrial[],
  acknowledged: readonly string[],
): TrialStanding {
  const { outcome } = trials.find(({ key }) => key.member === member && sameRelease(key.release, release)) ?? pending;
  const shown = showRelease(release);
  switch (outcome.kind) {
    case 'passed':
    case 'off':
      return { kind: 'goes-on' };
    case 'refused': {
      const says = `${shown} refuses the ${words.refused} of ${member}.`;
      const remedy = `Change the ${words.refused} that it names, then resume the upgrade.`;
      return { kind: 'refused', because: reason(`${words.engine}.trial-start-refused`, member, says, remedy, outcome.lastLines) };
    }
    case 'could-not-run': {
      if (acknowledged.includes(words.check)) return { kind: 'goes-on' };
      const because = couldNotRun(words, member, shown, outcome.because);
      return { kind: 'waits', because, inTheEnd: because };
    }
    default:
      return { kind: 'waits', because: runsStill(words, member, shown), inTheEnd: doesNotFinish(words, member, shown) };
  }
}

const pending: Pick<MemberTrial, 'outcome'> = { outcome: { kind: 'pending' } };

function runsStill({ engine }: TrialWords, member: string, release: string): WaitReason {
  const says = `The trial start of ${member} at ${release} has not finished.`;
  return reason(`${engine}.trial-start-running`, member, says, 'It passes, usually within a minute.');
}

function doesNotFinish({ engine }: TrialWords, member: string, release: string): OperatorReason {
  return reason(
    `${engine}.trial-start-does-not-finish`,
    member,
    `The trial start of ${member} at ${release} has not finished.`,
    'See the server log; free memory on its host, or switch the trial off for this cluster with the tag clusterlift:trial=off; then resume.',
  );
}

/** Nothing is touched before its trial has passed, and one that could not run has told nothing. It is tried again meanwhile. */
function couldNotRun({ engine, check }: TrialWords, member: string, release: string, because: string): OperatorReason {
  return reason(
    `${engine}.trial-start-could-not-run`,
    member,
    `The trial start of ${member} at ${release} could not run: ${because}`,
    `It is tried again every minute. Free memory on its host or let it have more time; or do without: tag the cluster clusterlift:trial=off, or start the upgrade with ${check} acknowledged.`,
  );
}
