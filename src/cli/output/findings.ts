import type { CheckReport, Finding, Obstacles, Plan } from '../api/wire.ts';
import { type Paint, paintWord } from './paint.ts';
import { padded } from './table.ts';

const kindWidth = 'hazard'.length;

/** A thousand indices with the same trouble are told by the first few. */
const shownPerCheck = 20;

/** Hazards first: they are what a person must clear. */
export function renderFindings(paint: Paint, findings: readonly Finding[], hops: number): string {
  const inOrder = [...findings.filter(isHazard), ...findings.filter((finding) => !isHazard(finding))];
  const checks = [...new Set(inOrder.map(({ check }) => check))];
  return checks
    .map((check) =>
      renderCheck(
        paint,
        inOrder.filter((finding) => finding.check === check),
        hops,
      ),
    )
    .join('');
}

function renderCheck(paint: Paint, findings: readonly Finding[], hops: number): string {
  const shown = findings.slice(0, shownPerCheck).map((finding) => renderFinding(paint, finding, hops));
  const left = findings.length - shown.length;
  const more = left === 0 ? '' : `  and ${left} more of ${findings[0]?.check}; --output json shows them all\n`;
  return shown.join('') + more;
}

/** What passes by itself holds nothing; one line each says enough. */
export function renderPassing(findings: readonly Finding[]): string {
  return findings.map(({ says }) => `  - ${says}\n`).join('');
}

function renderFinding(paint: Paint, finding: Finding, hops: number): string {
  const where = hops > 1 ? paint('dim', `  (hop ${finding.hop + 1})`) : '';
  const below = [finding.says, ...finding.evidence.map((line) => paint('dim', `| ${line}`)), `To clear it: ${finding.remedy}`];
  const kind = padded(paintWord(paint, finding.kind), kindWidth);
  return `  ${kind}  ${finding.subject}  ${paint('dim', finding.check)}${where}\n${indented(below)}`;
}

export function renderCouldNotRun(paint: Paint, reports: readonly CheckReport[]): string {
  return reports
    .map((report) => {
      const because = report.result.because ?? 'it did not say why';
      return `  ${paintWord(paint, 'could-not-run')}  ${paint('dim', report.check)}\n${indented([report.asks, `Because: ${because}`])}`;
    })
    .join('');
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}\n`).join('');
}

function isHazard(finding: Finding): boolean {
  return finding.kind === 'hazard';
}

/** A trial start that goes on, shards that recover: it holds nothing, and passes by itself. */
export function passesByItself(finding: Finding): boolean {
  return finding.loopWaits === true && !isHazard(finding);
}

/** Of a later hop of a route: a start is not held, the upgrade stops before that hop. */
export function stopsAtItsHop(finding: Finding): boolean {
  return finding.loopWaits === true && isHazard(finding);
}

/** What holds a start of this plan, as the server would say. */
export function obstaclesOf(plan: Plan): Obstacles {
  const holding = plan.findings.filter((finding) => finding.loopWaits !== true);
  return {
    hazards: holding.filter(isHazard),
    policy: holding.filter((finding) => !isHazard(finding)),
    couldNotRun: plan.reports.filter((report) => report.result.kind === 'could-not-run'),
  };
}

export function isHeld({ hazards, policy, couldNotRun }: Obstacles): boolean {
  return hazards.length + policy.length + couldNotRun.length > 0;
}

/** Ids of the checks that a person would have to name to go on; null where hazards leave no such way. */
export function toAcknowledge({ hazards, policy, couldNotRun }: Obstacles): readonly string[] | null {
  if (hazards.length > 0) return null;
  return [...new Set([...policy, ...couldNotRun].map(({ check }) => check))];
}
