import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '../../api/index.ts';

/** One call that changed something, or was to. */
export interface AuditEntry {
  readonly id: string | number;
  readonly at: string;
  readonly keyId: string | null;
  readonly account: string | null;
  readonly face: string;
  readonly operation: string;
  readonly subject: string | null;
  readonly status: number;
  readonly errorCode: string | null;
  readonly requestId: string | null;
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
