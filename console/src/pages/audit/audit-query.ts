import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '../../api/index.ts';

/** One call that changed something, or was to. */
export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly keyId: string;
  /** A session is that of somebody who signed in to the console. */
  readonly via: 'key' | 'session';
  readonly face: string;
  readonly action: string;
  readonly about: string;
  /** What was made by it, a path of the API. */
  readonly made: string | null;
  readonly status: number;
  readonly code: string | null;
  readonly requestId: string;
  readonly address: string;
}

interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly next: string | null;
}

const perPage = 100;
const readAnywayMs = 30_000;

export const auditQuery = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: ({ pageParam, signal }) => api.get<AuditPage>('/audit', { query: { limit: perPage, before: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next }) => next,
  refetchInterval: readAnywayMs,
});
