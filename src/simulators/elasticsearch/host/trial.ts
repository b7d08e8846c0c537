import type { Launch, TrialRun } from '../../../domain/index.ts';
import type { Clock } from '../clock.ts';
import { draftProcess, refuseStart, type World } from '../world/index.ts';
import { processOf } from './launch.ts';

/** Starts the launch alone on scratch data: it says what the release refuses and leaves nothing behind. */
export async function runTrial(
  { world, clock }: { readonly world: World; readonly clock: Clock },
  launch: Launch,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<TrialRun> {
  const wanted = processOf(world, launch, true);
  if (typeof wanted === 'string') return { kind: 'could-not-run', because: wanted };
  const { nowMs, random } = clock.catchUp();
  const began = clock.wallMs();
  const draft = draftProcess(world, wanted, { nowMs, random });
  const readyMs = draft.phase.at === 'starting' ? draft.phase.untilMs : nowMs;
  const cameUp = await clock.until(() => world.nowMs >= readyMs || signal.aborted, timeoutMs);
  if (signal.aborted) return { kind: 'could-not-run', because: 'it was called off' };
  if (!cameUp) return { kind: 'could-not-run', because: `it did not come up within ${Math.round(timeoutMs / 1000)} s` };
  const refused = refuseStart(world, draft);
  if (refused !== null) return { kind: 'refused', lastLines: refused, exitCode: 1 };
  return { kind: 'passed', tookMs: Math.round(clock.wallMs() - began), archive: null };
}
