import type { Call, FaceParts } from '../call.ts';
import { fail } from '../errors.ts';
import { frame, heartbeat, opening } from '../event-stream.ts';
import { type Operation, operation } from '../operation.ts';
import { acceptsEvents } from './events.ts';

/** Changes of this time are told together, and one of the same thing once. */
const gatherMs = 250;
const heartbeatMs = 15_000;
/** Whoever reads so slowly that more of them wait looks at everything himself. */
const waitingMax = 2_000;

const watchChanges = operation({
  id: 'watchChanges',
  tag: 'changes',
  method: 'GET',
  path: '/changes',
  summary: 'What changes, as it changes',
  description:
    'Server-sent events: `event` is `change`, `data` is `{"kind":"cluster"|"upgrade","id":"..."}`. They say what to read again, ' +
    'not what it is now. What happens while nobody listens is not told later: read everything again when the stream was opened.',
  answers: { 200: { description: 'The stream.', schema: null, events: 'Ends when notices may have been lost.' } },
  errors: ['bad-input'],
  run: async (parts, call) => {
    if (acceptsEvents(call)) return { kind: 'events', frames: (gone) => tellChanges(parts, call, gone) };
    return fail('bad-input', 'It answers with server-sent events alone: ask with Accept: text/event-stream.', {
      details: { key: 'accept' },
    });
  },
});

async function* tellChanges(parts: FaceParts, call: Call, gone: AbortSignal) {
  const watch = watchAll(parts, call, gone);
  try {
    yield opening;
    while (!gone.aborted) {
      const came = await watch.change(heartbeatMs);
      if (gone.aborted || !(await call.stillAllowed())) return;
      if (came === 'time') {
        yield heartbeat;
        continue;
      }
      await parts.pause(gatherMs, gone);
      const taken = watch.take();
      if (taken === 'missed') return;
      for (const change of await changesOf(parts, call, taken)) yield frame('change', change);
    }
  } catch (error) {
    // The answer has begun, so there is no status left to tell it by: the client comes again and reads everything.
    parts.log.warn({ err: error }, 'A stream of changes was broken off.');
  } finally {
    watch.close();
  }
}

interface Taken {
  readonly clusters: ReadonlySet<string>;
  readonly upgrades: ReadonlySet<string>;
}

/** An upgrade of another account is nobody's here. Its cluster shows it, so that it has changed, too. */
async function changesOf({ control }: FaceParts, { caller }: Call, { clusters, upgrades }: Taken) {
  const found = await Promise.all([...upgrades].map((id) => control.getUpgrade(caller, id)));
  const own = found.filter((upgrade) => upgrade !== undefined);
  const changed = new Set([...clusters, ...own.map(({ clusterId }) => clusterId)]);
  return [...own.map(({ id }) => ({ kind: 'upgrade', id })), ...[...changed].map((id) => ({ kind: 'cluster', id }))];
}

/** Changes from now on. One that comes while nobody waits is not lost. */
function watchAll({ control, pause }: FaceParts, { caller }: Call, gone: AbortSignal) {
  const [clusters, upgrades] = [new Set<string>(), new Set<string>()];
  let missed = false;
  let wake = () => {};
  const isQuiet = () => !missed && clusters.size + upgrades.size === 0;
  const note = (ids: Set<string>, id: string) => {
    if (ids.size < waitingMax) ids.add(id);
    else missed = true;
    wake();
  };
  const stops = [
    control.onUpgradeChanged((id) => note(upgrades, id)),
    control.onClusterChanged(caller, (id) => {
      if (id === 'missed') missed = true;
      else note(clusters, id);
      wake();
    }),
  ];
  return {
    close: () => {
      for (const stop of stops) stop();
    },
    change: async (timeoutMs: number): Promise<'changed' | 'time'> => {
      const woken = new AbortController();
      wake = () => woken.abort();
      if (isQuiet()) await pause(timeoutMs, AbortSignal.any([woken.signal, gone]));
      wake = () => {};
      return isQuiet() ? 'time' : 'changed';
    },
    take: (): Taken | 'missed' => {
      if (missed) return 'missed';
      const taken = { clusters: new Set(clusters), upgrades: new Set(upgrades) };
      clusters.clear();
      upgrades.clear();
      return taken;
    },
  };
}

export const changeOperations: readonly Operation[] = [watchChanges];
