/** Time as it is drawn: a rest of a whole night must not make everything else too small to be seen. */
import type { Entry } from './story.ts';

/** How much of the time that it did not rest a rest may take of the picture. */
const restShare = 0.08;
const shortestRestMs = 1_000;

export interface TimeScale {
  /** How long the picture is, rests as they are drawn. */
  readonly lengthMs: number;
  /** Some rest is drawn shorter than it was. */
  readonly isShortened: boolean;
  /** How far from its beginning a moment is drawn. */
  placeOf(atMs: number): number;
}

type Rested = Pick<Entry, 'kind' | 'at' | 'endedAt'>;

export function timeScaleOf(entries: readonly Rested[], fromMs: number, untilMs: number): TimeScale {
  const rests = entries
    .filter(({ kind }) => kind === 'rest')
    .map(({ at, endedAt }) => ({ fromMs: Date.parse(at), untilMs: endedAt === null ? untilMs : Date.parse(endedAt) }))
    .filter((rest) => rest.untilMs > rest.fromMs);
  const restedMs = rests.reduce((sum, rest) => sum + rest.untilMs - rest.fromMs, 0);
  const longestMs = Math.max(shortestRestMs, (untilMs - fromMs - restedMs) * restShare);
  const cuts = rests.map((rest) => ({ ...rest, cutMs: rest.untilMs - rest.fromMs - longestMs })).filter(({ cutMs }) => cutMs > 0);
  const placeOf = (atMs: number) =>
    cuts.reduce((place, cut) => {
      const share = Math.min(1, Math.max(0, (atMs - cut.fromMs) / (cut.untilMs - cut.fromMs)));
      return place - cut.cutMs * share;
    }, atMs - fromMs);
  return { lengthMs: Math.max(1, placeOf(untilMs)), isShortened: cuts.length > 0, placeOf };
}
