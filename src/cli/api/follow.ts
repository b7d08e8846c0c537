import { Check } from 'typebox/schema';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { limits } from '../limits.ts';
import type { Shell } from '../shell.ts';
import { type Api, understood } from './client.ts';
import { readServerSentEvents } from './server-sent-events.ts';
import { Upgrade, UpgradeEvent } from './wire.ts';

export interface Following {
  readonly upgradeId: string;
  onEvent(event: UpgradeEvent): void;
  /** The connection broke and is tried again; told once until it holds again. */
  onBroken(because: string): void;
  onHolding(): void;
  /** Aborted when the user has seen enough. */
  readonly stopped: AbortSignal;
}

/** How one connection ended. */
type Ended = { readonly kind: 'end'; readonly upgrade: Upgrade } | { readonly kind: 'broke'; readonly because: string };

/**
 * Follows an upgrade across restarts of the server, each time from behind the last event that was seen, until it has ended
 * or rests (paused, at a gate, stopped for a person). Null when the user stopped it.
 */
export async function follow(api: Api, shell: Shell, following: Following): Promise<Upgrade | null> {
  let last: UpgradeEvent | null = null;
  let triesInARow = 0;
  let broken = false;
  const seen: Seen = {
    onOpen: () => {
      if (broken) following.onHolding();
      broken = false;
    },
    onEvent: (event) => {
      last = event;
      following.onEvent(event);
    },
  };
  while (!following.stopped.aborted) {
    const began = { last, at: shell.now().getTime() };
    const ended = await connection(api, following, last, seen);
    if (ended.kind === 'end') return ended.upgrade;
    if (following.stopped.aborted) return null;
    const wasGood = last !== began.last || shell.now().getTime() - began.at >= limits.watchCalmMs;
    triesInARow = wasGood ? 1 : triesInARow + 1;
    if (triesInARow > limits.watchAttempts) throw gaveUp(following.upgradeId, ended.because);
    if (!broken) following.onBroken(ended.because);
    broken = true;
    await shell.pause(Math.min(triesInARow * limits.watchAgainMs, limits.watchAgainAtMostMs), following.stopped);
  }
  return null;
}

interface Seen {
  onOpen(): void;
  onEvent(event: UpgradeEvent): void;
}

async function connection(api: Api, { upgradeId, stopped }: Following, after: UpgradeEvent | null, seen: Seen): Promise<Ended> {
  const silence = new AbortController();
  const signal = AbortSignal.any([stopped, silence.signal]);
  const onSilence = () => silence.abort();
  let watchdog = setTimeout(onSilence, limits.watchSilenceMs);
  const path = `/upgrades/${encodeURIComponent(upgradeId)}`;
  try {
    const headers: Record<string, string> = after === null ? {} : { 'last-event-id': String(after.seq) };
    const stream = await api.open(`${path}/events`, headers, signal);
    seen.onOpen();
    // The connection may have broken between the event and the look that it asks for.
    const rested = after === null ? null : await restAfter(api, path, after);
    if (rested !== null) return { kind: 'end', upgrade: rested };
    for await (const message of readServerSentEvents(stream)) {
      clearTimeout(watchdog);
      watchdog = setTimeout(onSilence, limits.watchSilenceMs);
      if (message.kind === 'heartbeat') continue;
      const data = parsed(message.data);
      if (message.event === 'end') return { kind: 'end', upgrade: understood(data, Upgrade, `${path}/events`) };
      // Whatever else a newer server tells is passed over.
      if (!Check(UpgradeEvent, data) || data.seq <= (after?.seq ?? 0)) continue;
      seen.onEvent(data);
      const rests = await restAfter(api, path, data);
      if (rests !== null) return { kind: 'end', upgrade: rests };
    }
    return { kind: 'broke', because: 'the server closed it' };
  } catch (error) {
    if (silence.signal.aborted) return { kind: 'broke', because: 'the server has gone silent' };
    if (error instanceof Failure && !goesAway(error)) throw error;
    return { kind: 'broke', because: error instanceof Failure ? error.message : 'it broke off' };
  } finally {
    clearTimeout(watchdog);
  }
}

const restingKinds: readonly string[] = ['stopped', 'paused', 'gated'];

/**
 * The upgrade when it rests since this event; the stream itself stays open then. An event of an earlier generation is
 * history: somebody has resumed the upgrade since.
 */
async function restAfter(api: Api, path: string, event: UpgradeEvent): Promise<Upgrade | null> {
  if (!restingKinds.includes(event.kind)) return null;
  const upgrade = await api.get(path, Upgrade);
  return upgrade.generation === event.generation && upgrade.status !== 'running' ? upgrade : null;
}

/** A server that is away comes back; one that says no says it again. */
export function goesAway({ answer }: Failure): boolean {
  return ['connection-failed', 'connection-broken', 'unavailable'].includes(answer?.code ?? '');
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return null;
  }
}

function gaveUp(upgradeId: string, because: string): Failure {
  return new Failure(exitCodes.error, `The server did not come back after ${limits.watchAttempts} tries: ${because}`, {
    details: ['What becomes of the upgrade is not known here. A server that is started again takes it up by itself.'],
    remedy: `Start the server, then: clusterlift upgrade watch ${upgradeId}`,
  });
}
