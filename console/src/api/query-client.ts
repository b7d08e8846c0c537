import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './client.ts';
import { forgetSession, isSignedOut } from './session.ts';

/** A server that is started again is back within seconds; then a person wants to be told. What was read before stays shown. */
const attemptsMax = 30;
const longestPauseMs = 4_000;

export function createQueryClient(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: signedOutElsewhere }),
    mutationCache: new MutationCache({ onError: signedOutElsewhere }),
    defaultOptions: {
      queries: {
        retry: (attempts, failure) => failure instanceof ApiFailure && failure.passing && attempts < attemptsMax,
        retryDelay: (attempts) => Math.min(500 * 2 ** attempts, longestPauseMs),
        staleTime: 2_000,
        // Loopback and a company's own network are not told by the browser's idea of being online.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  function signedOutElsewhere(failure: unknown): void {
    if (isSignedOut(failure) && queries.getQueryData(['session']) != null) forgetSession(queries);
  }
  return queries;
}
