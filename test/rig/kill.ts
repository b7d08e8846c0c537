import type { NativeRig } from './native.ts';
import type { ServerRig } from './server.ts';
import { eventually } from './waiting.ts';

/** A moment of an upgrade that can be found again on a slower or a quicker machine: after so many events, and a little later. */
export interface KillMoment {
  readonly afterActs: number;
  readonly plusMs: number;
}

/**
 * A hop of three members tells ten acts, each when it begins and when it has ended. After the sixteenth of these events
 * the last member is only joining, so that an upgrade is always cut off in its middle.
 */
const momentsOfAHop = 16;
const plusAtMostMs = 1_000;
const momentTimeoutMs = 5 * 60_000;

export function randomMoment(random: () => number): KillMoment {
  return { afterActs: 1 + Math.floor(random() * momentsOfAHop), plusMs: Math.floor(random() * plusAtMostMs) };
}

/** Kills the server with -9 at the moment, starts it again, and tells what was going on. */
export async function killAt(server: ServerRig, native: NativeRig, upgradeId: string, moment: KillMoment): Promise<string> {
  const last = await eventually(
    `${moment.afterActs} acts of upgrade ${upgradeId}`,
    momentTimeoutMs,
    async () => {
      const events = (await native.events(upgradeId, 0)).filter((event) => ['acting', 'acted'].includes(event.kind));
      return events.length >= moment.afterActs ? events.at(-1) : undefined;
    },
    50,
  );
  await new Promise((resolve) => setTimeout(resolve, moment.plusMs));
  await server.kill();
  await server.start();
  return `${moment.plusMs} ms after ${last.kind} ${last.move ?? ''} ${last.members.join(', ')}`;
}
