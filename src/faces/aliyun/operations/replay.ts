/** clientToken: an accepted request is answered again with its first answer, never done twice. */
import type { TokenRecord } from '../../../domain/index.ts';
import { type Answer, type Call, type FaceParts, type Reply, reply } from '../call.ts';
import { fail } from '../errors.ts';
import { hashOf } from './parameters.ts';

/** How long an accepted request is remembered by its token. */
export const tokenLifetimeMs = 24 * 60 * 60_000;

export interface Repeatable {
  readonly operation: string;
  readonly instanceId: string;
  readonly token: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export type NewToken = Omit<TokenRecord, 'answer'>;

/** Scoped to key, operation and instance; null without a token. */
export function tokenOf(parts: FaceParts, call: Call, request: Repeatable): NewToken | null {
  if (request.token === null) return null;
  return {
    scope: ['aliyun', call.caller.keyId, request.operation, request.instanceId].join(' '),
    token: request.token,
    parameters: hashOf(request.parameters),
    expiresAt: new Date(Date.parse(parts.now()) + tokenLifetimeMs).toISOString(),
  };
}

/** The first answer to the same request; an error for another request with the same token; null when it is the first. */
export async function replayOf(parts: FaceParts, token: NewToken | null): Promise<Answer | null> {
  if (token === null) return null;
  const before = await parts.control.getToken(token.scope, token.token);
  if (before === undefined) return null;
  return before.parameters === token.parameters ? reply(before.answer) : fail('IdempotentParameterMismatch');
}

/** For requests that are not upgrades: does them once, and remembers what was accepted. */
export async function onceOnly(parts: FaceParts, call: Call, request: Repeatable, work: () => Promise<Answer>): Promise<Answer> {
  const token = tokenOf(parts, call, request);
  const before = await replayOf(parts, token);
  if (before !== null) return before;
  const answer = await work();
  if (token !== null && answer.kind === 'reply') await remember(parts, token, answer);
  return answer;
}

async function remember(parts: FaceParts, token: NewToken, answer: Reply): Promise<void> {
  await parts.control.putToken({ ...token, answer: answer.result ?? null });
}
