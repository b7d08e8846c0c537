/** What holds the start of a plan, and what of it a person may accept by its name: as the server will say. */

export interface Found {
  readonly check: string;
  readonly kind: string;
  readonly hop: number;
  readonly subject: string;
  readonly says: string;
  readonly evidence: readonly string[];
  readonly remedy: string;
  readonly loopWaits?: boolean;
}

export interface Report {
  readonly check: string;
  readonly asks: string;
  readonly hop: number;
  readonly result: { readonly kind: string; readonly because?: string };
}

/** What is read of a plan. */
export interface Checked {
  readonly findings: readonly Found[];
  readonly reports: readonly Report[];
}

/** Everything that one check found: it is accepted or cleared as one. */
export interface FoundByCheck {
  readonly check: string;
  readonly asks: string | null;
  readonly findings: readonly Found[];
}

export interface Held {
  /** Must be cleared: nobody can accept them. */
  readonly hazards: readonly FoundByCheck[];
  /** Can be accepted by the name of the check. */
  readonly policy: readonly FoundByCheck[];
  /** A check that could not run has passed nothing; can be accepted by its name. */
  readonly couldNotRun: readonly Report[];
  /** Of a later hop: the upgrade will stop before it unless they are cleared on the way. */
  readonly stopsLater: readonly FoundByCheck[];
  /** Pass by themselves; the upgrade waits for them. */
  readonly passing: readonly FoundByCheck[];
}

export function heldBy(plan: Checked): Held {
  const by = (fits: (found: Found) => boolean) => byCheck(plan, plan.findings.filter(fits));
  const isHazard = ({ kind }: Found) => kind === 'hazard';
  return {
    hazards: by((found) => found.loopWaits !== true && isHazard(found)),
    policy: by((found) => found.loopWaits !== true && !isHazard(found)),
    couldNotRun: onePerCheck(plan.reports.filter(({ result }) => result.kind === 'could-not-run')),
    stopsLater: by((found) => found.loopWaits === true && isHazard(found)),
    passing: by((found) => found.loopWaits === true && !isHazard(found)),
  };
}

function byCheck({ reports }: Checked, findings: readonly Found[]): readonly FoundByCheck[] {
  return [...new Set(findings.map(({ check }) => check))].map((check) => ({
    check,
    asks: reports.find((report) => report.check === check)?.asks ?? null,
    findings: findings.filter((found) => found.check === check),
  }));
}

function onePerCheck(reports: readonly Report[]): readonly Report[] {
  return reports.filter((report, index) => reports.findIndex(({ check }) => check === report.check) === index);
}

/** The names that a start needs, in the order in which they are shown. */
export function toAccept({ policy, couldNotRun }: Held): readonly string[] {
  return [...new Set([...policy, ...couldNotRun].map(({ check }) => check))];
}

/** Why the plan cannot be started now; null when it can. */
export function whyNotStarted(held: Held, accepted: ReadonlySet<string>): string | null {
  const hazards = held.hazards.flatMap(({ findings }) => findings).length;
  if (hazards > 0)
    return `${hazards === 1 ? '1 hazard holds' : `${hazards} hazards hold`} it. Clear what was found, then plan again: nobody can accept a hazard.`;
  const open = toAccept(held).filter((check) => !accepted.has(check));
  if (open.length === 0) return null;
  return `Accept ${open.join(', ')} by name, or clear what was found and plan again.`;
}

const ends = [
  ['passed', 'passed'],
  ['found', 'found something'],
  ['could-not-run', 'could not run'],
  ['not-applicable', 'did not apply'],
] as const;

/** The four ends that a check can have, never thrown together; those that did not happen are left out. */
export function endsOfChecks({
  reports,
}: Checked): readonly { readonly kind: string; readonly says: string; readonly count: number }[] {
  return ends
    .map(([kind, says]) => ({ kind, says, count: reports.filter(({ result }) => result.kind === kind).length }))
    .filter(({ count }) => count > 0);
}
