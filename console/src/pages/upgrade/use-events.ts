import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { followEvents, keys, type StreamState, type UpgradeEvent } from '../../api/index.ts';

/** Events that come together are drawn together, and make the upgrade be read again once. */
const gatherMs = 150;

export interface Events {
  readonly events: readonly UpgradeEvent[];
  readonly state: StreamState;
}

/** The events of an upgrade from its beginning, and as they happen. */
export function useEvents(upgradeId: string): Events {
  const queries = useQueryClient();
  const [events, setEvents] = useState<readonly UpgradeEvent[]>([]);
  const [state, setState] = useState<StreamState>('connecting');
  useEffect(() => {
    setEvents([]);
    let waiting: UpgradeEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const flush = () => {
      timer = null;
      const come = waiting;
      waiting = [];
      setEvents((before) => [...before, ...come.filter(({ seq }) => seq > (before.at(-1)?.seq ?? 0))]);
      void queries.invalidateQueries({ queryKey: keys.upgrade(upgradeId) });
    };
    const stream = followEvents({
      path: `/upgrades/${encodeURIComponent(upgradeId)}/events`,
      endsWith: 'end',
      onState: setState,
      onEvent: ({ data }) => {
        if (isEvent(data)) waiting.push(data);
        timer ??= setTimeout(flush, gatherMs);
      },
    });
    return () => {
      stream.close();
      if (timer !== null) clearTimeout(timer);
    };
  }, [upgradeId, queries]);
  return { events, state };
}

/** The last message is the upgrade itself: it is read again like after any other. */
function isEvent(data: unknown): data is UpgradeEvent {
  return typeof data === 'object' && data !== null && 'seq' in data && typeof data.seq === 'number';
}
