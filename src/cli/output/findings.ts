import type { CheckReport, Finding, Obstacles, Plan } from '../api/wire.ts';
import { type Paint, paintWord } from './paint.ts';
import { padded } from './table.ts';

const kindWidth = 'hazard'.length;

/** Hazards first: they are what a person must clear. */
export function renderFindings(paint: Paint, findings: readonly Finding[], hops: number): string {
  return [...findings.filter(isHazard), ...findings.filter((finding) => !isHazard(finding))]
    .map((finding) => renderFinding(paint, finding, hops))
    .join('');
}

function renderFinding(paint: Paint, finding: Finding, hops: number): string {
  const where = hops > 1 ? paint('dim', `  (hop ${finding.hop + 1})`) : '';
  const below = [
    finding.says,
    ...finding.evidence.map((line) => paint('dim', `| ${line}`)),
    `${finding.loopWaits === true ? 'The upgrade waits for it by itself. ' : ''}To clear it: ${finding.remedy}`,
  ];
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

/** What holds a start of this plan, as the server would say. */
export function obstaclesOf(plan: Plan): Obstacles {
  return {
    hazards: plan.findings.filter(isHazard),
    policy: plan.findings.filter((finding) => !isHazard(finding) && finding.loopWaits !== true),
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
