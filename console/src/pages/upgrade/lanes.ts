/** What is drawn one below the other along the time: each wave, what was waited for, and rests. */
import type { WaveDuration } from './course-of-time.ts';
import type { Entry } from './story.ts';
import type { Taking } from './takings.ts';

export interface Bar {
  readonly kind: 'away' | 'settling' | 'wait' | 'rest' | 'move';
  readonly fromMs: number;
  readonly toMs: number;
  readonly says: string;
}

export interface Lane {
  readonly name: string;
  readonly bars: readonly Bar[];
}

/** More waves than this are not told apart any more at one glance: the latest ones are drawn. */
export const wavesDrawn = 16;

export function lanesOf(
  takings: readonly Taking[],
  durations: readonly WaveDuration[],
  entries: readonly Entry[],
  hops: number,
  untilMs: number,
): readonly Lane[] {
  const waves = takings.map((one, index): Lane => {
    const duration = durations[index];
    const fromMs = Date.parse(one.beganAt);
    const backMs = fromMs + (duration?.awayMs ?? 0);
    const settledMs = backMs + (duration?.settlingMs ?? 0);
    const name = `${hops > 1 ? `${one.hop + 1}.` : ''}${duration?.number ?? index + 1}  ${one.members.join(', ')}`;
    const away: Bar = { kind: 'away', fromMs, toMs: backMs, says: `${one.members.join(', ')} away` };
    return {
      name,
      bars: settledMs > backMs ? [away, { kind: 'settling', fromMs: backMs, toMs: settledMs, says: 'settling' }] : [away],
    };
  });
  const first = { name: 'moves', bars: barsOf(entries, 'move', untilMs) };
  const waits = { name: 'waits', bars: barsOf(entries, 'wait', untilMs) };
  const rests = { name: 'rests', bars: barsOf(entries, 'rest', untilMs) };
  return [...waves.slice(-wavesDrawn), ...[first, waits, rests].filter(({ bars }) => bars.length > 0)];
}

function barsOf(entries: readonly Entry[], kind: 'move' | 'wait' | 'rest', untilMs: number): readonly Bar[] {
  return entries
    .filter((entry) => entry.kind === kind)
    .map((entry) => ({
      kind,
      fromMs: Date.parse(entry.at),
      toMs: entry.endedAt === null ? Math.max(untilMs, Date.parse(entry.at)) : Date.parse(entry.endedAt),
      says: entry.reason === null ? entry.says : `${entry.reason.code}: ${entry.reason.says}`,
    }));
}
