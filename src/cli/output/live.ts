/** Where an upgrade is now, drawn below its events on a terminal and drawn anew as it changes. */
import type { Observation, Plan, Upgrade, UpgradeEvent } from '../api/wire.ts';
import { type Paint, paintWord } from './paint.ts';
import { table } from './table.ts';
import { counted, secondsBetween, showRelease, showSeconds, showWay } from './words.ts';

/** What is known; null is what has not been told yet or cannot be. */
export interface LiveState {
  readonly clusterName: string;
  readonly upgrade: Upgrade;
  readonly plan: Plan | null;
  readonly observation: Observation | null;
  /** The latest event that told of a wait. */
  readonly waiting: UpgradeEvent | null;
}

/** More members than this are told by wave, not one by one. */
const membersOneByOne = 12;

export function renderLive(paint: Paint, state: LiveState, now: Date): string {
  const { upgrade, clusterName } = state;
  const asked = upgrade.status === 'running' && upgrade.intent !== 'go' ? ` (asked to ${upgrade.intent})` : '';
  const title = paint('bold', `${clusterName}: ${showWay(upgrade.from, upgrade.to)}`);
  return `\n${title}  ${paintWord(paint, upgrade.status)}${asked}, ${times(state, now)}\n${members(paint, state)}${wait(paint, state, now)}`;
}

function times({ upgrade, plan }: LiveState, now: Date): string {
  const elapsed = showSeconds(Math.max(0, secondsBetween(upgrade.createdAt, now.toISOString())));
  return plan === null ? elapsed : `${elapsed} of about ${showSeconds(plan.estimateSeconds)}`;
}

function members(paint: Paint, state: LiveState): string {
  const { upgrade, plan } = state;
  const hop = plan?.hops[upgrade.hop];
  if (plan === null || hop === undefined) return '';
  const which = plan.hops.length > 1 ? `Hop ${upgrade.hop + 1} of ${plan.hops.length}: ` : '';
  const head = `${which}${showWay(hop.hop.from, hop.hop.to)}, ${counted(hop.waves.length, 'wave')}, about ${showSeconds(hop.estimateSeconds)}\n`;
  if (hop.waves.length === 0) return head;
  const isLong = hop.waves.flat().length > membersOneByOne;
  return head + (isLong ? byWave(paint, state, hop) : oneByOne(paint, state, hop));
}

type Hop = Plan['hops'][number];
type MemberState = 'there' | 'in hand' | 'to come' | 'once more' | 'not known';

function oneByOne(paint: Paint, state: LiveState, hop: Hop): string {
  const rows = [...new Set(hop.waves.flat())].map((name) => {
    const seen = seenOf(state, name);
    const runs = seen?.release == null ? '-' : showRelease(seen.release);
    const waves = wavesOf(hop, name).map((index) => index + 1);
    return [`  ${waves.join(', ')}`, name, paintState(paint, stateOf(state, hop, name)), runs];
  });
  return table(paint, ['  WAVE', 'MEMBER', 'STATE', 'RUNS'], rows);
}

function byWave(paint: Paint, state: LiveState, hop: Hop): string {
  const rows = hop.waves.map((wave, index) => {
    const states = wave.map((name) => stateOf(state, hop, name));
    const there = states.filter((each) => each === 'there').length;
    const inHand = wave.filter((_, at) => states[at] === 'in hand');
    return [`  ${index + 1}`, `${there} of ${wave.length}`, inHand.join(', ') || '-'];
  });
  return table(paint, ['  WAVE', 'THERE', 'IN HAND'], rows);
}

/** Apiservers are taken twice, and an etcd has versions of its own: of both only a later wave tells that they are through. */
function stateOf(state: LiveState, hop: Hop, name: string): MemberState {
  if (state.upgrade.inHand.includes(name)) return 'in hand';
  if (state.upgrade.status === 'done') return 'there';
  const release = seenOf(state, name)?.release;
  if (release == null) return 'not known';
  const waves = wavesOf(hop, name);
  const isBehind = hasBegunAfter(state, hop, waves.at(-1) ?? 0);
  if (isAt(state, name, hop.hop.to)) return waves.length === 1 || isBehind ? 'there' : 'once more';
  const isOfOtherKind = release.version !== hop.hop.from.version;
  return isOfOtherKind && isBehind ? 'there' : 'to come';
}

function wavesOf({ waves }: Hop, name: string): readonly number[] {
  return waves.flatMap((wave, index) => (wave.includes(name) ? [index] : []));
}

function hasBegunAfter(state: LiveState, hop: Hop, wave: number): boolean {
  // One that is in an earlier wave as well may be there or in hand for that.
  const later = hop.waves.flat().filter((name) => (wavesOf(hop, name)[0] ?? 0) > wave);
  return later.some((name) => state.upgrade.inHand.includes(name) || isAt(state, name, hop.hop.to));
}

function isAt(state: LiveState, name: string, { version, build }: Hop['hop']['to']): boolean {
  const release = seenOf(state, name)?.release;
  return release?.version === version && (build === null || release.build === build);
}

function seenOf({ observation }: LiveState, name: string) {
  return observation?.members.find((member) => member.name === name);
}

function paintState(paint: Paint, state: MemberState): string {
  if (state === 'there') return paint('green', state);
  return state === 'in hand' ? paint('cyan', state) : paint('dim', state);
}

function wait(paint: Paint, { upgrade, waiting }: LiveState, now: Date): string {
  const { reason } = upgrade;
  if (reason === null) return upgrade.inHand.length === 0 ? '' : `In hand: ${upgrade.inHand.join(', ')}\n`;
  const since =
    waiting?.reason?.code === reason.code
      ? ` (for ${showSeconds(Math.max(0, secondsBetween(waiting.at, now.toISOString())))})`
      : '';
  const clearedBy = reason.clearedBy === '' ? '' : `  Cleared by: ${reason.clearedBy}\n`;
  const says = upgrade.status === 'running' ? 'Waits' : 'Why';
  return `${paint('yellow', `${says}:`)} ${reason.says}${since}\n${clearedBy}`;
}
