import { createHash } from 'node:crypto';
import type { Caller, Instant, Store } from '../domain/index.ts';
import { callerBySecret, callerOf } from './key-check.ts';

/** From signing in to signing in again, whatever is done meanwhile. */
export const sessionLifetimeMs = 12 * 60 * 60_000;

export interface SessionParts {
  readonly store: Pick<Store, 'getKey' | 'insertSession' | 'getSession' | 'deleteSession'>;
  readonly now: () => Instant;
  /** 256 random bits as text. Always of our own making: what a stranger gave somebody never becomes a session. */
  readonly newToken: () => string;
}

/** What is shown for a session. It is in nobody's hands but the browser's. */
export interface OpenedSession {
  readonly token: string;
  readonly caller: Caller;
  readonly expiresAt: Instant;
}

export interface Sessions {
  /** Undefined where it is not an active key with its own secret. */
  open(keyId: string, secret: string): Promise<OpenedSession | undefined>;
  /** Undefined where there is none, its time is over, or its key has been revoked. */
  find(token: string): Promise<OpenedSession | undefined>;
  close(token: string): Promise<void>;
}

export function createSessions({ store, now, newToken }: SessionParts): Sessions {
  return {
    open: async (keyId, secret) => {
      const caller = await callerBySecret(store, keyId, secret);
      if (caller === undefined) return undefined;
      const [token, createdAt] = [newToken(), now()];
      const expiresAt = new Date(Date.parse(createdAt) + sessionLifetimeMs).toISOString();
      await store.insertSession({ id: idOf(token), keyId: caller.keyId, createdAt, expiresAt });
      return { token, caller, expiresAt };
    },
    find: async (token) => {
      const session = await store.getSession(idOf(token));
      if (session === undefined || session.expiresAt <= now()) return undefined;
      const key = await store.getKey(session.keyId);
      if (key === undefined || key.status !== 'active') return undefined;
      return { token, caller: callerOf(key), expiresAt: session.expiresAt };
    },
    close: (token) => store.deleteSession(idOf(token)),
  };
}

function idOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
