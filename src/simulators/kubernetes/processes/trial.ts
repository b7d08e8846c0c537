/** A trial start: the launch alone on scratch data. It says what the release refuses and leaves nothing behind. */
import type { Launch, TrialRun } from '../../../domain/index.ts';
import { troubleWithFiles } from './begin.ts';
import { commandOf, patchOf } from './command.ts';
import { refusalOf } from './refusals.ts';
import type { Room } from './room.ts';

const takesMs = 4_000;
const refusedAfterMs = 300;

export async function runTrial(room: Room, launch: Launch, timeoutMs: number, signal: AbortSignal): Promise<TrialRun> {
  const { clock } = room;
  const command = commandOf(launch);
  if (command === null) return { kind: 'could-not-run', because: `nothing here is started by "${launch.command[0] ?? ''}"` };
  const began = { simulatedMs: clock.catchUp(), wallMs: clock.wallMs() };
  const failing = room.failures.has('trial-refused') ? ['Error: unknown flag: --simulated-failure'] : null;
  const lines = failing ?? refusalOf(command, patchOf(launch)) ?? troubleWithFiles({ launch, command });
  const doneMs = began.simulatedMs + (lines === null ? takesMs : refusedAfterMs);
  const over = await clock.until(() => clock.nowMs() >= doneMs || signal.aborted, timeoutMs);
  if (signal.aborted) return { kind: 'could-not-run', because: 'it was called off' };
  if (!over) return { kind: 'could-not-run', because: `it did not come up within ${Math.round(timeoutMs / 1000)} s` };
  if (lines !== null) return { kind: 'refused', lastLines: lines, exitCode: 1 };
  return { kind: 'passed', tookMs: Math.round(clock.wallMs() - began.wallMs), archive: null };
}
