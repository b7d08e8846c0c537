import { Observation, Plan, Upgrade, type UpgradeEvent } from '../api/wire.ts';
import { limits } from '../limits.ts';
import { type LiveState, renderLive } from '../output/live.ts';
import { printable } from '../output/words.ts';
import { isForPeople, type Session } from '../session.ts';

/** Lines that stay, with what moves kept below them. */
export interface LiveView {
  /** A line about an event; what is shown below it is looked at anew. */
  event(event: UpgradeEvent, line: string): void;
  note(text: string): void;
  /** Takes away what moves. */
  end(): Promise<void>;
}

/** On a terminal that can move its cursor, and for people; elsewhere lines alone. */
export function canBeLive({ shell, output }: Session): boolean {
  return isForPeople(output) && shell.out.isTerminal && shell.env.TERM !== 'dumb';
}

export function liveView(session: Session, upgradeId: string, clusterName: string): LiveView {
  const { shell, paint, api } = session;
  const ended = new AbortController();
  let known: Partial<LiveState> = {};
  let waiting: UpgradeEvent | null = null;
  let drawn = 0;
  let isStale = true;

  const draw = () => {
    const { upgrade, plan = null, observation = null } = known;
    if (upgrade === undefined || ended.signal.aborted) return;
    const text = renderLive(paint, printable({ clusterName, upgrade, plan, observation, waiting }), shell.now());
    drawn = text.split('\n').length - 1;
    // Lines that are too long are cut by the terminal, so that each is one line when the cursor goes back up.
    shell.out.write(`\u001b[?7l${text}\u001b[?7h`);
  };
  const clear = () => {
    if (drawn > 0) shell.out.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const above = (write: () => void) => {
    clear();
    write();
    draw();
  };
  const running = keepLooking(session, ended.signal, {
    isStale: () => isStale,
    look: async () => {
      isStale = false;
      const upgrade = await api.get(`/upgrades/${encodeURIComponent(upgradeId)}`, Upgrade);
      const plan = known.plan ?? (await api.get(`/plans/${encodeURIComponent(upgrade.planId)}`, Plan));
      known = { ...known, upgrade, plan };
      const path = `/clusters/${encodeURIComponent(upgrade.clusterId)}/observation`;
      known = { ...known, observation: await api.get(path, Observation) };
    },
    redraw: () => above(() => undefined),
  });
  return {
    event: (event, line) => {
      if (event.kind === 'waiting') waiting = event;
      isStale = true;
      above(() => shell.out.write(line));
    },
    note: (text) => above(() => session.note(text)),
    end: async () => {
      clear();
      ended.abort();
      await running;
    },
  };
}

interface Looking {
  /** Something happened since the last look. */
  isStale(): boolean;
  look(): Promise<void>;
  redraw(): void;
}

/** Every second the times move; what is shown is looked at anew after events, and every few seconds without any. */
async function keepLooking({ shell }: Session, ended: AbortSignal, looking: Looking): Promise<void> {
  let lookAt = 0;
  while (!ended.aborted) {
    const now = shell.now().getTime();
    if (looking.isStale() || now >= lookAt) {
      // What cannot be looked at now is looked at later: the events tell whether the server is away.
      await looking.look().catch(() => undefined);
      lookAt = now + limits.liveLookMs;
    }
    if (ended.aborted) return;
    looking.redraw();
    await shell.pause(limits.liveTickMs, ended);
  }
}
