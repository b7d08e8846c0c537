/** What rules note in a ledger and read out of it. Pure: each gives the ledger that is to be written. */
import type { Endings, Ledger } from './ledger.ts';
import type { OperatorReason } from './reason.ts';

export function attemptsOf(ledger: Ledger, key: string): number {
  return ledger.attempts[key] ?? 0;
}

export function withAttempt(ledger: Ledger, key: string): Ledger {
  return { ...ledger, attempts: { ...ledger.attempts, [key]: attemptsOf(ledger, key) + 1 } };
}

export function withoutAttempts(ledger: Ledger, key: string): Ledger {
  if (ledger.attempts[key] === undefined) return ledger;
  return { ...ledger, attempts: Object.fromEntries(Object.entries(ledger.attempts).filter(([name]) => name !== key)) };
}

/** Notes since when something is so, once. */
export function withSince(ledger: Ledger, key: string, now: string): Ledger {
  return ledger.since[key] === undefined ? { ...ledger, since: { ...ledger.since, [key]: now } } : ledger;
}

export function withoutSince(ledger: Ledger, ...keys: readonly string[]): Ledger {
  if (keys.every((key) => ledger.since[key] === undefined)) return ledger;
  return { ...ledger, since: Object.fromEntries(Object.entries(ledger.since).filter(([key]) => !keys.includes(key))) };
}

/** Milliseconds since it was first noted; 0 when it was not. */
export function lasted(ledger: Ledger, key: string, nowMs: number): number {
  const since = ledger.since[key];
  return since === undefined ? 0 : nowMs - Date.parse(since);
}

export function withMark(ledger: Ledger, mark: string): Ledger {
  return ledger.marks.includes(mark) ? ledger : { ...ledger, marks: [...ledger.marks, mark] };
}

export function withoutMark(ledger: Ledger, mark: string): Ledger {
  return ledger.marks.includes(mark) ? { ...ledger, marks: ledger.marks.filter((other) => other !== mark) } : ledger;
}

/** A person is to be asked, and what can be left clean is being made so: nothing else is thought of until that is done. */
export function withStopping(ledger: Ledger, because: OperatorReason): Ledger {
  return isStopping(ledger) === null ? withEndings(ledger, { ...ledger.endings, stopping: because }) : ledger;
}

export function withoutStopping(ledger: Ledger): Ledger {
  if (isStopping(ledger) === null) return ledger;
  const { stopping: _, ...endings } = ledger.endings ?? {};
  return withEndings(withoutMarksOf(ledger, 'stopping '), endings);
}

export function isStopping(ledger: Ledger): OperatorReason | null {
  return ledger.endings?.stopping ?? markedReason(ledger, 'stopping ');
}

/** From now on the hop is walked back, for this reason. */
export function withGoingBack(ledger: Ledger, hop: number, because: OperatorReason): Ledger {
  if (isGoingBack(ledger, hop) !== null) return ledger;
  return withEndings(ledger, { ...ledger.endings, goingBack: { ...ledger.endings?.goingBack, [hop]: because } });
}

export function withoutGoingBack(ledger: Ledger, hop: number): Ledger {
  if (isGoingBack(ledger, hop) === null) return ledger;
  const goingBack = Object.entries(ledger.endings?.goingBack ?? {}).filter(([key]) => key !== String(hop));
  const { goingBack: _, ...endings } = ledger.endings ?? {};
  const others = goingBack.length === 0 ? {} : { goingBack: Object.fromEntries(goingBack) };
  return withEndings(withoutMarksOf(ledger, `going back ${hop} `), { ...endings, ...others });
}

/** Why the hop is walked back; null while it is walked forward. */
export function isGoingBack(ledger: Ledger, hop: number): OperatorReason | null {
  return ledger.endings?.goingBack?.[hop] ?? markedReason(ledger, `going back ${hop} `);
}

function withEndings({ endings: _, ...ledger }: Ledger, endings: Endings): Ledger {
  return Object.keys(endings).length === 0 ? ledger : { ...ledger, endings };
}

/** Ledgers of before there were endings kept them as marks, the reason as JSON behind the word. */
function markedReason(ledger: Ledger, prefix: string): OperatorReason | null {
  const mark = ledger.marks.find((candidate) => candidate.startsWith(prefix));
  return mark === undefined ? null : (JSON.parse(mark.slice(prefix.length)) as OperatorReason);
}

function withoutMarksOf(ledger: Ledger, prefix: string): Ledger {
  const marks = ledger.marks.filter((mark) => !mark.startsWith(prefix));
  return marks.length === ledger.marks.length ? ledger : { ...ledger, marks };
}
