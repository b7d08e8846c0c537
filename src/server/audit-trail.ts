import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuditEntry, Instant, Log, Store } from '../domain/index.ts';
import { type Called, calledBy } from '../faces/called.ts';

export interface AuditParts {
  readonly store: Pick<Store, 'insertAuditEntry'>;
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly log: Log;
}

/** What public clouds call the header that names a request; ours is the last. */
const idHeaders = ['x-amzn-requestid', 'x-acs-request-id', 'x-request-id'] as const;
const longest = 512;

/** Whatever face took the call, its entry is written before the caller hears of its end: what was answered can be found. */
export function keepAuditTrail(fastify: FastifyInstance, parts: AuditParts): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    const called = calledBy(request);
    if (called === undefined) return payload;
    const entry = entryOf(parts, request, reply, called);
    await parts.store
      .insertAuditEntry(entry)
      .catch((err: unknown) => parts.log.error({ err, entry }, 'A call could not be written into the audit trail.'));
    return payload;
  });
}

function entryOf({ now, newId }: AuditParts, request: FastifyRequest, reply: FastifyReply, called: Called): AuditEntry {
  const { caller, isSession, face, action, about, made, code } = called;
  return {
    at: now(),
    account: caller.account,
    keyId: caller.keyId,
    isSession,
    face,
    action,
    about: about.slice(0, longest),
    made,
    status: reply.statusCode,
    code,
    requestId: requestIdOf(reply, newId),
    address: request.socket.remoteAddress ?? '',
  };
}

function requestIdOf(reply: FastifyReply, newId: () => string): string {
  const given = idHeaders.map((name) => reply.getHeader(name)).find((value) => value !== undefined);
  if (given !== undefined) return String(given);
  const id = newId();
  reply.header('x-request-id', id);
  return id;
}
