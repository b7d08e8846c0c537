/** Who is signed in. The session itself is a cookie that no script can read; the console only knows whose it is. */
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { ApiFailure, api } from './client.ts';
import type { Session } from './types.ts';

const sessionKey = ['session'] as const;

export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await api.get<Session>('/session', { signal });
    } catch (failure) {
      if (isSignedOut(failure)) return null;
      throw failure;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export function isSignedOut(failure: unknown): boolean {
  return failure instanceof ApiFailure && failure.status === 401;
}

export async function signIn(queries: QueryClient, keyId: string, secret: string): Promise<void> {
  standFor(queries, await api.post<Session>('/session', { keyId, secret }));
}

export async function signOut(queries: QueryClient): Promise<void> {
  try {
    await api.delete('/session');
  } catch (failure) {
    if (!isSignedOut(failure)) throw failure;
  }
  forgetSession(queries);
}

/** Its key was revoked, its time is over, or it was ended in another tab. */
export function forgetSession(queries: QueryClient): void {
  standFor(queries, null);
}

/** What one key could see is not to be shown to the next: all other answers are forgotten. */
function standFor(queries: QueryClient, session: Session | null): void {
  queries.setQueryData(sessionKey, session);
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
}
