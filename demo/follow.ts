import { setTimeout as pause } from 'node:timers/promises';
import type { EventRow, NativeRig, NodesRig, UpgradeRow } from '../test/rig/index.ts';
import type { Screen } from './screen.ts';

const lookEveryMs = 400;

export interface FollowWhat {
  readonly native: NativeRig;
  readonly nodes: NodesRig;
  readonly clusterId: string;
  readonly to: string;
  /** A line about the client, drawn below the nodes. */
  readonly client: () => string;
  readonly signal: AbortSignal;
}

interface Drawn {
  versions: Readonly<Record<string, string>>;
  readonly doing: Map<string, string>;
  waitingFor: string;
}

/** Tells each event of an upgrade with its node, phase and reason, until the upgrade ends. Gives back its last row. */
export async function followUpgrade(screen: Screen, what: FollowWhat): Promise<UpgradeRow> {
  const began = performance.now();
  const drawn: Drawn = { versions: await what.nodes.versions(), doing: new Map(), waitingFor: '' };
  const names = Object.keys(drawn.versions);
  screen.live(() => draw(screen, what, drawn, names));
  try {
    let after = 0;
    let told = '';
    for (;;) {
      what.signal.throwIfAborted();
      const upgrade = await what.native.latestUpgrade(what.clusterId);
      for (const event of await what.native.events(upgrade.id, after)) {
        after = event.seq;
        note(drawn, event);
        const line = tell(event);
        // A wait that goes on says the same again and again; once is enough.
        if (line !== null && line !== told) screen.line(`  ${screen.dim(clock(began))} ${paint(screen, event, line)}`);
        told = line ?? told;
      }
      drawn.versions = { ...drawn.versions, ...(await what.nodes.versions().catch(() => ({}))) };
      if (upgrade.status !== 'running') return upgrade;
      await pause(lookEveryMs);
    }
  } finally {
    screen.live(null);
  }
}

function note(drawn: Drawn, event: EventRow): void {
  if (event.kind === 'acting') for (const member of event.members) drawn.doing.set(member, event.move ?? '');
  if (event.kind === 'waiting') drawn.waitingFor = event.reason?.says ?? event.says;
  if (event.kind === 'acting' || event.kind === 'acted') drawn.waitingFor = '';
}

/** One line of an event; null for what repeats its neighbour. */
function tell(event: EventRow): string | null {
  const who = event.members.length > 0 ? `${event.members.join(', ')}: ` : '';
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
      return [`${who}${event.reason?.says ?? event.says}`, ...(event.reason?.evidence ?? []), event.reason?.clearedBy ?? ''].join(
        ' ',
      );
    default:
      return `${who}${event.says}`;
  }
}

function paint(screen: Screen, event: EventRow, line: string): string {
  if (event.kind === 'waiting') return screen.dim(line);
  if (event.kind === 'stopped' || event.kind === 'failed') return screen.bad(line);
  if (event.kind === 'done') return screen.good(line);
  return line;
}

function draw(screen: Screen, what: FollowWhat, drawn: Drawn, names: readonly string[]): readonly string[] {
  const nodes = names.map((name) => {
    const version = drawn.versions[name];
    const done = version === what.to;
    const mark = done ? screen.good('●') : drawn.doing.has(name) ? screen.busy('◐') : '○';
    return `    ${mark} ${name} ${version ?? ''}`;
  });
  const wait = drawn.waitingFor === '' ? '' : ` ${screen.dim(drawn.waitingFor)}`;
  return ['', ...nodes, `    ${screen.spinner()}${wait}`, `    ${what.client()}`];
}

function clock(began: number): string {
  const whole = Math.floor((performance.now() - began) / 1000);
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`;
}
