import type { Obstacles, Plan } from '../api/wire.ts';
import {
  isHeld,
  obstaclesOf,
  passesByItself,
  renderCouldNotRun,
  renderFindings,
  renderPassing,
  stopsAtItsHop,
  toAcknowledge,
} from './findings.ts';
import type { Paint } from './paint.ts';
import { properties } from './table.ts';
import { counted, showRelease, showSeconds, showWay } from './words.ts';

/** A plan as a person reviews it: the way, what was found, what is touched, and how to go on. */
export function renderPlan(paint: Paint, plan: Plan, clusterName: string): string {
  const obstacles = obstaclesOf(plan);
  const heading = (text: string) => `\n${paint('bold', text)}\n`;
  const found = plan.findings.filter((finding) => finding.loopWaits !== true);
  const later = plan.findings.filter(stopsAtItsHop);
  const passing = plan.findings.filter(passesByItself);
  const findings = found.length > 0 ? heading('Findings') + renderFindings(paint, found, plan.hops.length) : '';
  const stops =
    later.length > 0
      ? heading('Where it will stop unless this is cleared on the way') + renderFindings(paint, later, plan.hops.length)
      : '';
  const waits =
    passing.length > 0
      ? heading('What passes by itself (an upgrade waits for it before it touches anything)') + renderPassing(passing)
      : '';
  const couldNotRun =
    obstacles.couldNotRun.length > 0
      ? heading('Checks that could not run') + renderCouldNotRun(paint, obstacles.couldNotRun)
      : '';
  return [
    `${paint('bold', `${clusterName}: ${showWay(plan.from, plan.to)}`)}, ${counted(plan.hops.length, 'hop')}, about ${showSeconds(plan.estimateSeconds)}\n`,
    ...plan.hops.map((hop, index) => `\n${renderHop(paint, hop, index, plan.gateAfterFirstMember)}`),
    heading('What will be touched'),
    ...plan.touches.map((touch) => `  - ${touch}\n`),
    heading('Checks'),
    `  ${summary(plan)}\n`,
    findings,
    stops,
    couldNotRun,
    waits,
    `\nPlan ${plan.id}\n`,
    renderWayOn(paint, obstacles, plan.id),
  ].join('');
}

function renderHop(
  paint: Paint,
  { hop, waves, estimateSeconds, oneWayDoors }: Plan['hops'][number],
  index: number,
  gate: boolean,
) {
  const head = `${paint('bold', `Hop ${index + 1}`)}  ${showRelease(hop.from)} -> ${showRelease(hop.to)}, ${hop.mode}, about ${showSeconds(estimateSeconds)}\n`;
  return (
    head +
    properties(paint, [
      [
        waves.length === 1 ? 'wave' : 'waves',
        waves.map((wave) => wave.join(' + ')).join(', then ') || 'none: every member is there',
      ],
      ...(gate ? [['gate', 'after the first member; a person says go on'] as const] : []),
      ...hop.requires.map((requirement) => ['requires', requirement] as const),
      ...oneWayDoors.map((door) => ['no way back', paint('yellow', door)] as const),
    ])
  );
}

/** The four ends that a check can have are never thrown together. */
function summary({ reports }: Plan): string {
  const count = (kind: string) => reports.filter((report) => report.result.kind === kind).length;
  const ends = [
    [count('passed'), 'passed'],
    [count('found'), 'found something'],
    [count('could-not-run'), 'could not run'],
    [count('not-applicable'), 'did not apply'],
  ] as const;
  return `${counted(reports.length, 'check')}: ${ends
    .filter(([ended]) => ended > 0)
    .map(([ended, how]) => `${ended} ${how}`)
    .join(', ')}`;
}

/** What to do next: start it, clear what holds it, or go on by naming what is accepted. */
export function renderWayOn(paint: Paint, obstacles: Obstacles, planId: string): string {
  const start = `clusterlift upgrade start --plan ${planId}`;
  if (!isHeld(obstacles)) return `${paint('green', 'It can start:')} ${start} --watch\n`;
  const { hazards, policy, couldNotRun } = obstacles;
  const held = [
    ...(hazards.length > 0 ? [counted(hazards.length, 'hazard')] : []),
    ...(policy.length > 0 ? [counted(policy.length, 'policy finding')] : []),
    ...(couldNotRun.length > 0 ? [`${counted(couldNotRun.length, 'check')} that could not run`] : []),
  ].join(' and ');
  const acknowledge = toAcknowledge(obstacles);
  if (acknowledge === null) return `${paint('red', `Held by ${held}.`)} Clear what is found, then plan again.\n`;
  const names = acknowledge.map((check) => ` --acknowledge ${check}`).join('');
  return `${paint('yellow', `Held by ${held}.`)} Clear what is found and plan again, or accept it by name:\n  ${start}${names} --watch\n`;
}
