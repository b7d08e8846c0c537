import { isUnfinished } from '../../../domain/index.ts';
import { type Call, type FaceParts, ok } from '../call.ts';
import { notFound } from '../errors.ts';
import { frame, heartbeat, opening } from '../event-stream.ts';
import { type Operation, operation } from '../operation.ts';
import { eventWire } from '../translate/upgrade.ts';
import { EventList, EventsQuery } from '../wire/index.ts';
import { shownUpgrade, upgradeParams } from './upgrades.ts';
import { watchUpgrade } from './watch-upgrade.ts';

const usualLimit = 200;
/** How many events are read from the database in one go. */
const followBatch = 200;
/** Shows both sides that the other is there, and looks again: a call that something has changed can be lost. */
const heartbeatMs = 15_000;

const listEvents = operation({
  id: 'listEvents',
  tag: 'upgrades',
  method: 'GET',
  path: '/upgrades/:upgradeId/events',
  summary: 'What happened in an upgrade, in order',
  description:
    'As JSON, or with `Accept: text/event-stream` (or `follow=true`) as server-sent events that go on as they happen: `id` is ' +
    'the seq, `event` the kind, `data` the event. The last one is `end`, with the upgrade, when it has ended. ' +
    '`Last-Event-ID` goes on behind that event.',
  params: upgradeParams,
  query: EventsQuery,
  answers: {
    200: { description: 'The events.', schema: EventList, events: 'The same as they happen, then `end` with the upgrade.' },
  },
  run: async (parts, call) => {
    const { caller, params, query } = call;
    if ((await parts.control.getUpgrade(caller, params.upgradeId)) === undefined) return notFound('upgrade', params.upgradeId);
    const after = lastEventId(call) ?? query.after ?? 0;
    if (query.follow === true || acceptsEvents(call))
      return { kind: 'events', frames: (gone) => followEvents(parts, call, params.upgradeId, after, gone) };
    const events = await parts.control.listEvents(caller, params.upgradeId, query.after ?? 0, query.limit ?? usualLimit);
    return ok({ events: events.map(eventWire) });
  },
});

export function acceptsEvents({ headers }: Pick<Call, 'headers'>): boolean {
  return /\btext\/event-stream\b/i.test(String(headers.accept ?? ''));
}

/** Whatever is not a number of ours is as if it were not there: a client has got it from another server. */
function lastEventId({ headers }: Pick<Call, 'headers'>): number | null {
  const text = String(headers['last-event-id'] ?? '').trim();
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

async function* followEvents(parts: FaceParts, call: Call, upgradeId: string, after: number, gone: AbortSignal) {
  const { control, log } = parts;
  const watch = watchUpgrade(parts, upgradeId, gone);
  let seq = after;
  try {
    yield opening;
    while (!gone.aborted) {
      // The row is read first: an upgrade that has ended by then has written all of its events.
      const upgrade = await control.getUpgrade(call.caller, upgradeId);
      if (upgrade === undefined) return;
      const events = await control.listEvents(call.caller, upgradeId, seq, followBatch);
      for (const event of events) yield frame(event.kind, eventWire(event), event.seq);
      seq = events.at(-1)?.seq ?? seq;
      if (events.length === followBatch) continue;
      if (!isUnfinished(upgrade.status)) {
        yield frame('end', await shownUpgrade(parts, call.caller, upgrade));
        return;
      }
      if ((await watch.changed(heartbeatMs)) === 'changed') continue;
      if (gone.aborted || !(await call.stillAllowed())) return;
      yield heartbeat;
    }
  } catch (error) {
    // The answer has begun, so there is no status left to tell it by: the client comes again and goes on where it was.
    log.warn({ upgrade: upgradeId, err: error }, 'A stream of events was broken off.');
  } finally {
    watch.close();
  }
}

export const eventOperations: readonly Operation[] = [listEvents];
