import { setTimeout as pause } from 'node:timers/promises';
import type { EventRow, NativeRig, UpgradeRow } from '../test/rig/index.ts';
import type { Screen } from './screen.ts';

const lookEveryMs = 400;

export interface FollowWhat {
  readonly native: Pick<NativeRig, 'latestUpgrade' | 'events'>;
  readonly clusterId: string;
  /** What each member runs now, in the order in which they are drawn. */
  readonly versions: () => Promise<Readonly<Record<string, string>>>;
  /** What it is to run. */
  readonly isThere: (version: string, member: string) => boolean;
  /** Members that share a line, with what stands before it; absent: a line for each. */
  readonly rows?: readonly Row[];
  /** The part of the upgrade that an event belongs to, told when it begins; null: the one before goes on. */
  readonly phaseOf?: (event: EventRow) => string | null;
  readonly onEvent?: (event: EventRow) => void;
  /** A line about the client, drawn below the members. */
  readonly client: () => string;
  readonly signal: AbortSignal;
}

export interface Row {
  readonly label: string;
  readonly members: readonly string[];
}

export interface Followed {
  readonly upgrade: UpgradeRow;
  readonly events: readonly EventRow[];
}

interface Drawn {
  versions: Readonly<Record<string, string>>;
  /** Members in hand. */
  doing: readonly string[];
  phase: string;
  waitingFor: string;
}

/** Tells each event of an upgrade with its member, phase and reason, until the upgrade ends. */
export async function followUpgrade(screen: Screen, what: FollowWhat): Promise<Followed> {
  const began = performance.now();
  const drawn: Drawn = { versions: await what.versions(), doing: [], phase: '', waitingFor: '' };
  const rows = what.rows ?? Object.keys(drawn.versions).map((name) => ({ label: '', members: [name] }));
  const events: EventRow[] = [];
  screen.live(() => draw(screen, what, drawn, rows));
  try {
    let told = '';
    for (;;) {
      what.signal.throwIfAborted();
      const upgrade = await what.native.latestUpgrade(what.clusterId);
      for (const event of await what.native.events(upgrade.id, events.at(-1)?.seq ?? 0)) {
        events.push(event);
        note(drawn, event);
        tellPhase(screen, drawn, what.phaseOf?.(event) ?? null);
        const line = tell(event);
        // A wait that goes on says the same again and again; once is enough.
        if (line !== null && line !== told) screen.line(`  ${screen.dim(clock(began))} ${paint(screen, event, line)}`);
        told = line ?? told;
        what.onEvent?.(event);
      }
      drawn.versions = await what.versions().catch(() => drawn.versions);
      if (upgrade.status !== 'running') return { upgrade, events };
      await pause(lookEveryMs);
    }
  } finally {
    screen.live(null);
  }
}

function note(drawn: Drawn, event: EventRow): void {
  if (event.kind === 'acting' && event.members.length > 0) drawn.doing = event.members;
  if (event.kind === 'waiting') drawn.waitingFor = event.reason?.says ?? event.says;
  if (event.kind === 'acting' || event.kind === 'acted') drawn.waitingFor = '';
}

function tellPhase(screen: Screen, drawn: Drawn, phase: string | null): void {
  if (phase === null || phase === drawn.phase) return;
  drawn.phase = phase;
  screen.line();
  screen.line(`  ${screen.bold(phase)}`);
}

/** One line of an event; null for what repeats its neighbour. Members are named where the sentence does not. */
function tell(event: EventRow): string | null {
  const unnamed = event.members.some((member) => !event.says.includes(member));
  const who = unnamed ? `${event.members.join(', ')}: ` : '';
  switch (event.kind) {
    case 'acting':
      return `${who}${event.says}`;
    case 'acted':
      return null;
    case 'waiting':
      return `${who}waits: ${event.reason?.says ?? event.says}`;
    case 'stopped':
    case 'failed':
    case 'refused':
    case 'returned':
      return [`${who}${event.reason?.says ?? event.says}`, ...(event.reason?.evidence ?? []), event.reason?.clearedBy ?? ''].join(
        ' ',
      );
    default:
      return `${who}${event.says}`;
  }
}

function paint(screen: Screen, event: EventRow, line: string): string {
  if (event.kind === 'waiting') return screen.dim(line);
  if (event.kind === 'stopped' || event.kind === 'failed' || event.kind === 'returned') return screen.bad(line);
  if (event.kind === 'done') return screen.good(line);
  return line;
}

function draw(screen: Screen, what: FollowWhat, drawn: Drawn, rows: readonly Row[]): readonly string[] {
  const width = Math.max(...rows.map(({ label }) => label.length));
  const lines = rows.map(({ label, members }) => {
    const shown = members.map((name) => drawMember(screen, what, drawn, name));
    return `    ${label === '' ? '' : `${label.padEnd(width)}  `}${shown.join('  ')}`;
  });
  const wait = drawn.waitingFor === '' ? '' : ` ${screen.dim(drawn.waitingFor)}`;
  return ['', ...lines, `    ${screen.spinner()}${wait}`, `    ${what.client()}`];
}

function drawMember(screen: Screen, what: FollowWhat, { versions, doing }: Drawn, name: string): string {
  const version = versions[name];
  if (version === undefined) return doing.includes(name) ? `${screen.busy('◐')} ${name}` : screen.dim(`· ${name}`);
  const mark = what.isThere(version, name) ? screen.good('●') : doing.includes(name) ? screen.busy('◐') : '○';
  return `${mark} ${name} ${version}`;
}

function clock(began: number): string {
  const whole = Math.floor((performance.now() - began) / 1000);
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}
