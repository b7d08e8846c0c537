import { useCallback, useEffect, useRef, useState } from 'react';
import type { Rehearsal } from '../../api/index.ts';
import { followRehearsal, type RehearsalWishes } from './follow-rehearsal.ts';

export type RehearsalState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly made: number; readonly of: number | null }
  | { readonly kind: 'done'; readonly report: Rehearsal }
  | { readonly kind: 'failed'; readonly failure: unknown };

export interface Rehearsing {
  readonly state: RehearsalState;
  begin(wishes: RehearsalWishes): void;
  end(): void;
}

/** One rehearsal at a time; leaving the page ends it on the server, too. */
export function useRehearsal(): Rehearsing {
  const [state, setState] = useState<RehearsalState>({ kind: 'none' });
  const running = useRef<AbortController | null>(null);
  const end = useCallback(() => running.current?.abort(), []);
  useEffect(() => end, [end]);
  const begin = useCallback((wishes: RehearsalWishes) => {
    running.current?.abort();
    const ending = new AbortController();
    running.current = ending;
    setState({ kind: 'running', made: 0, of: null });
    followRehearsal(wishes, ending.signal, (made, of) => setState({ kind: 'running', made, of })).then(
      (report) => setState({ kind: 'done', report }),
      (failure: unknown) => {
        if (running.current === ending) setState(ending.signal.aborted ? { kind: 'none' } : { kind: 'failed', failure });
      },
    );
  }, []);
  return { state, begin, end };
}
