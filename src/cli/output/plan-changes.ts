/** What is different between two plans of one cluster, for people who reviewed the earlier one. */
import type { Finding, Plan } from '../api/wire.ts';
import type { Paint } from './paint.ts';
import { showSeconds, showWay } from './words.ts';

export interface Change {
  readonly what: string;
  /** Null: there was nothing, or there is nothing any more. */
  readonly before: string | null;
  readonly after: string | null;
}

/** An estimate that moves by less than this says nothing. */
const estimateToleranceSeconds = 5;

export function changesBetween(before: Plan, after: Plan): readonly Change[] {
  return [
    ...changed('way', showWay(before.from, before.to), showWay(after.from, after.to)),
    ...wavesChanged(before, after),
    ...listChanged('gate', gate(before), gate(after)),
    ...listChanged('finding', before.findings.map(showFinding), after.findings.map(showFinding)),
    ...listChanged('could not run', couldNotRun(before), couldNotRun(after)),
    ...listChanged('requires', requires(before), requires(after)),
    ...listChanged('no way back', doors(before), doors(after)),
    ...listChanged('touched', before.touches, after.touches),
    ...(Math.abs(before.estimateSeconds - after.estimateSeconds) < estimateToleranceSeconds
      ? []
      : changed('estimate', showSeconds(before.estimateSeconds), showSeconds(after.estimateSeconds))),
  ];
}

export function renderChanges(paint: Paint, changes: readonly Change[], heading: string): string {
  const head = `${paint('bold', heading)}\n`;
  if (changes.length === 0) return `${head}  Nothing has changed.\n`;
  return head + changes.map((change) => renderChange(paint, change)).join('');
}

function renderChange(paint: Paint, { what, before, after }: Change): string {
  const gone = before === null ? '' : `  ${paint('red', `- ${what}: ${before}`)}\n`;
  const come = after === null ? '' : `  ${paint('green', `+ ${what}: ${after}`)}\n`;
  return gone + come;
}

function changed(what: string, before: string, after: string): readonly Change[] {
  return before === after ? [] : [{ what, before, after }];
}

function listChanged(what: string, before: readonly string[], after: readonly string[]): readonly Change[] {
  return [
    ...before.filter((text) => !after.includes(text)).map((text) => ({ what, before: text, after: null })),
    ...after.filter((text) => !before.includes(text)).map((text) => ({ what, before: null, after: text })),
  ];
}

/** By the release that a hop leads to: a way that has become longer or shorter keeps the hops in common. */
function wavesChanged(before: Plan, after: Plan): readonly Change[] {
  const was = wavesByHop(before);
  const is = wavesByHop(after);
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((hop) => {
    const [one = null, other = null] = [was.get(hop), is.get(hop)];
    return one === other ? [] : [{ what: `waves ${hop}`, before: one, after: other }];
  });
}

function wavesByHop({ hops }: Plan): ReadonlyMap<string, string> {
  const shown = (waves: readonly (readonly string[])[]) => waves.map((wave) => wave.join(' + ')).join(', then ') || 'none';
  return new Map(hops.map(({ hop, waves }) => [showWay(hop.from, hop.to), shown(waves)]));
}

function gate({ gateAfterFirstMember }: Plan): readonly string[] {
  return gateAfterFirstMember ? ['after the first member'] : [];
}

function showFinding({ kind, subject, check, says }: Finding): string {
  return `${kind} ${subject} (${check}): ${says}`;
}

function couldNotRun({ reports }: Plan): readonly string[] {
  return reports.filter(({ result }) => result.kind === 'could-not-run').map(({ check }) => check);
}

function requires({ hops }: Plan): readonly string[] {
  return hops.flatMap(({ hop }) => hop.requires);
}

function doors({ hops }: Plan): readonly string[] {
  return hops.flatMap(({ oneWayDoors }) => oneWayDoors);
}
