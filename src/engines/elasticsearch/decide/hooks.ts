import { attemptsOf, type Decision, type Ledger, withAttempt, withMark, withoutAttempts } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { act } from './decision.ts';
import { identityOf, type MemberStanding, type Situation } from './situation.ts';

/**
 * The owner's hooks around a stop, by marks in the ledger. `pre-stop X`: it may have run and is to be undone, written
 * before it runs. `pre-stopped X` and `post-started X`: it has, written once it has succeeded, so that a hook whose server
 * died in it is run again.
 */
const mayHaveRun = (name: string) => `pre-stop ${name}`;
const outOfTheWay = (name: string) => `pre-stopped ${name}`;
const backInTheWay = (name: string) => `post-started ${name}`;
const preStopAttempts = mayHaveRun;
const postStartAttempts = (name: string) => `post-start ${name}`;

/** `failing`: it was tried as often as it is. */
export type HookStep = { readonly decision: Decision } | { readonly failing: MemberStanding } | null;

/** True when the wave cannot be taken for want of a hook that succeeds: asked before anything is held for it. */
export function failingPreStop(situation: Situation, ledger: Ledger, wave: readonly MemberStanding[]) {
  const failing = (name: string) => attemptsOf(ledger, preStopAttempts(name)) >= limits.hookAttempts;
  return withoutPreStop(situation, ledger, wave).find(({ name }) => failing(name));
}

/** Takes the members of a wave out of their clients' way, one after the other; null once all are. */
export function preStop(
  situation: Situation,
  ledger: Ledger,
  wave: readonly MemberStanding[],
  remarks: readonly string[],
): Decision | null {
  const [member] = withoutPreStop(situation, ledger, wave);
  if (member === undefined) return null;
  const { name } = member;
  const marked = withMark(withAttempt(ledger, preStopAttempts(name)), mayHaveRun(name));
  const why = `Takes ${name} out of its clients' way.`;
  return act(marked, 'run-hook', [identityOf(member)], why, { hook: 'preStop' }, remarks, [outOfTheWay(name)]);
}

function withoutPreStop(situation: Situation, ledger: Ledger, wave: readonly MemberStanding[]): readonly MemberStanding[] {
  if (situation.cluster.spec.hooks.preStop === null) return [];
  return wave.filter(({ name }) => !ledger.marks.includes(outOfTheWay(name)));
}

/** Gives members back to their clients, one after the other; null once all are. One that is away is left for later. */
export function postStart(ledger: Ledger, members: readonly MemberStanding[]): HookStep {
  const owed = members.filter(
    ({ name, joined }) => joined && ledger.marks.includes(mayHaveRun(name)) && !ledger.marks.includes(backInTheWay(name)),
  );
  const member = owed.find(({ name }) => attemptsOf(ledger, postStartAttempts(name)) < limits.hookAttempts);
  const [failing] = owed;
  if (member === undefined) return failing === undefined ? null : { failing };
  const { name } = member;
  const counted = withAttempt(ledger, postStartAttempts(name));
  const why = `${name} takes clients again.`;
  return { decision: act(counted, 'run-hook', [identityOf(member)], why, { hook: 'postStart' }, [], [backInTheWay(name)]) };
}

/** What was undone is history: the next stop begins with its hook again. */
export function forgetHooks(ledger: Ledger, names: readonly string[]): Ledger {
  const past = names
    .filter((name) => ledger.marks.includes(backInTheWay(name)))
    .flatMap((name) => [mayHaveRun(name), outOfTheWay(name), backInTheWay(name)]);
  return past.length === 0 ? ledger : { ...ledger, marks: ledger.marks.filter((mark) => !past.includes(mark)) };
}

/** They are back and their hooks have run: tries are counted anew on the next hop. */
export function forgetHookAttempts(ledger: Ledger, names: readonly string[]): Ledger {
  return names.reduce(
    (current, name) => withoutAttempts(withoutAttempts(current, preStopAttempts(name)), postStartAttempts(name)),
    ledger,
  );
}
