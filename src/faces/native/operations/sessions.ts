import type { Caller, Instant } from '../../../domain/index.ts';
import { ok } from '../call.ts';
import { fail } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import { foreign } from '../who-calls.ts';
import { ref, Session, SignedOutAnswer, SignIn } from '../wire/index.ts';

const openSession = operation({
  id: 'openSession',
  tag: 'sessions',
  method: 'POST',
  path: '/session',
  admits: 'anybody',
  summary: 'Sign in with an access key',
  description:
    'The answer sets a cookie, `clusterlift_session`, that stands for the key for twelve hours. A request with it that ' +
    'changes something must bring `x-clusterlift-console: 1`, and no `Origin` but this server’s.',
  body: SignIn,
  answers: { 200: { description: 'Who signed in.', schema: ref(Session) } },
  errors: ['wrong-key'],
  run: async ({ sessions, now }, { body, browser }) => {
    if (!browser.isOwn) return foreign();
    const opened = await sessions.open(body.keyId, body.secret);
    if (opened === undefined) return fail('wrong-key', 'It is not an active access key with its own secret.');
    // Whoever signs in anew leaves nothing behind that still opens.
    if (browser.token !== undefined) await sessions.close(browser.token);
    const { token, caller, expiresAt } = opened;
    const seconds = Math.round((Date.parse(expiresAt) - Date.parse(now())) / 1000);
    return { ...ok(sessionWire(caller, expiresAt)), cookie: browser.cookie(token, seconds), by: caller };
  },
});

const getSession = operation({
  id: 'getSession',
  tag: 'sessions',
  method: 'GET',
  path: '/session',
  admits: 'any-key',
  summary: 'Who you are',
  answers: { 200: { description: 'Who calls, by session or by key.', schema: ref(Session) } },
  run: async (_, { caller, session }) => ok(sessionWire(caller, session?.expiresAt ?? null)),
});

const closeSession = operation({
  id: 'closeSession',
  tag: 'sessions',
  method: 'DELETE',
  path: '/session',
  admits: 'any-key',
  summary: 'Sign out',
  answers: { 200: { description: 'The cookie opens nothing any more.', schema: SignedOutAnswer } },
  run: async ({ sessions }, { session, browser }) => {
    if (session !== null) await sessions.close(session.token);
    return { ...ok({ signedOut: session !== null }), cookie: browser.cookie(null, 0) };
  },
});

function sessionWire({ keyId, account, policy }: Caller, expiresAt: Instant | null) {
  return { keyId, account, policy, expiresAt };
}

export const sessionOperations: readonly Operation[] = [openSession, getSession, closeSession];
