/** Notices of what changed on the server, made into reading again what is shown of it. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState } from 'react';
import { followEvents, type StreamState } from './event-stream.ts';
import { keys } from './queries.ts';
import { sessionQuery } from './session.ts';

/** Many clusters that change at once are read again together. */
const gatherMs = 700;

/** Whether notices come: pages say so, and when they do not, what is shown may be a little old. */
export const LiveState = createContext<StreamState>('connecting');
export const useLiveState = (): StreamState => useContext(LiveState);

/** Held once, by the shell, while somebody is signed in. */
export function useChanges(): StreamState {
  const queries = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');
  useEffect(() => {
    const changes = gatherChanges(queries);
    const stream = followEvents({
      path: '/changes',
      onEvent: ({ data }) => changes.add(data),
      onState: (next) => {
        setState(next);
        // What happened while nobody listened is not told again.
        if (next === 'open') changes.all();
        // Most likely nobody is signed in any more.
        if (next === 'refused') void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      },
    });
    return () => {
      stream.close();
      changes.stop();
    };
  }, [queries]);
  return state;
}

interface Change {
  readonly kind: string;
  readonly id: string;
}

function isChange(data: unknown): data is Change {
  return typeof data === 'object' && data !== null && 'kind' in data && 'id' in data;
}

function gatherChanges(queries: QueryClient): { add(data: unknown): void; all(): void; stop(): void } {
  const waiting = new Map<string, readonly (readonly string[])[]>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = () => {
    timer = null;
    const prefixes = [...waiting.values()].flat();
    waiting.clear();
    for (const queryKey of prefixes) void queries.invalidateQueries({ queryKey });
  };
  const later = () => {
    timer ??= setTimeout(flush, gatherMs);
  };
  return {
    add: (data) => {
      if (!isChange(data)) return;
      waiting.set(`${data.kind} ${data.id}`, touchedBy(data));
      later();
    },
    all: () => {
      for (const name of ['clusters', 'cluster', 'upgrades', 'upgrade', 'overview']) waiting.set(name, [[name]]);
      later();
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** A cluster's row shows its upgrade, and an upgrade's end changes the cluster. */
function touchedBy({ kind, id }: Change): readonly (readonly string[])[] {
  const lists = [[...keys.clusters], ['overview'], [...keys.upgrades]];
  return kind === 'upgrade' ? [...lists, [...keys.upgrade(id)]] : [...lists, [...keys.cluster(id)]];
}
