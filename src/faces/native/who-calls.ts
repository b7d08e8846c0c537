/** Who calls: an access key by HTTP Basic, or somebody who signed in with one in a browser. */
import type { FastifyRequest } from 'fastify';
import type { Caller, Instant } from '../../domain/index.ts';
import { type ApiError, fail } from './errors.ts';
import { mayCarrySession, sessionTokenOf } from './session-cookie.ts';

export interface SignedIn {
  readonly token: string;
  readonly caller: Caller;
  readonly expiresAt: Instant;
}

/** Sessions of browsers; each opened one has a token that nobody else has had. */
export interface Sessions {
  /** Undefined where it is not an active key with its own secret. */
  open(keyId: string, secret: string): Promise<SignedIn | undefined>;
  find(token: string): Promise<SignedIn | undefined>;
  close(token: string): Promise<void>;
}

export interface Doors {
  /** HTTP Basic; undefined for whatever is not an active key with its own secret. */
  readonly authenticate: (authorization: string | undefined) => Promise<Caller | undefined>;
  readonly sessions: Sessions;
}

/** `session` is null for whoever shows a key. */
export interface Known {
  readonly kind: 'known';
  readonly caller: Caller;
  readonly session: SignedIn | null;
}

/** A key that is shown goes before a session. */
export async function whoCalls({ authenticate, sessions }: Doors, request: FastifyRequest): Promise<Known | ApiError> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const caller = await authenticate(authorization);
    return caller === undefined ? nobody() : { kind: 'known', caller, session: null };
  }
  const token = sessionTokenOf(request);
  const session = token === undefined ? undefined : await sessions.find(token);
  if (session === undefined) return nobody();
  return mayCarrySession(request) ? { kind: 'known', caller: session.caller, session } : foreign();
}

function nobody(): ApiError {
  return fail('unauthenticated', 'An active access key is needed: its id as the user name, its secret as the password.');
}

export function foreign(): ApiError {
  return fail('foreign-page', 'A session changes something only from this server’s own console.', {
    remedy: 'Send the access key with the request (HTTP Basic), or x-clusterlift-console: 1 from a page of this server.',
  });
}
