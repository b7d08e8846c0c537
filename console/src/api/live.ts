/** Notices of what changed on the server, made into reading again what is shown of it. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState } from 'react';
import { followEvents, type StreamState } from './event-stream.ts';
import { keys } from './queries.ts';
import { sessionQuery } from './session.ts';

/** Many clusters that change at once are read again together; where reading takes long, the more seldom. */
const gatherMs = 700;
const restFactor = 3;
const longestGatherMs = 15_000;

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

export function gatherChanges(queries: QueryClient): { add(data: unknown): void; all(): void; stop(): void } {
  const waiting = new Map<string, readonly string[]>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isReading = false;
  let pauseMs = gatherMs;
  const flush = async () => {
    timer = null;
    isReading = true;
    const began = performance.now();
    const prefixes = [...waiting.values()];
    waiting.clear();
    await Promise.all(prefixes.map((queryKey) => queries.invalidateQueries({ queryKey })));
    pauseMs = Math.min(Math.max(gatherMs, (performance.now() - began) * restFactor), longestGatherMs);
    isReading = false;
    if (waiting.size > 0) later();
  };
  const later = () => {
    if (!isReading) timer ??= setTimeout(() => void flush(), pauseMs);
  };
  return {
    add: (data) => {
      if (!isChange(data)) return;
      for (const key of touchedBy(data)) waiting.set(key.join(' '), key);
      later();
    },
    all: () => {
      for (const name of ['clusters', 'cluster', 'upgrades', 'upgrade', 'overview']) waiting.set(name, [name]);
      later();
    },
    stop: () => {
      waiting.clear();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** A cluster's row shows its upgrade, and an upgrade's end changes the cluster. */
function touchedBy({ kind, id }: Change): readonly (readonly string[])[] {
  const lists = [[...keys.clusters], ['overview'], [...keys.upgrades]];
  return kind === 'upgrade' ? [...lists, [...keys.upgrade(id)]] : [...lists, [...keys.cluster(id)]];
}
