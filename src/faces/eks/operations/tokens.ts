/** clientRequestToken: SDKs repeat a request whose answer was lost, with the token of the first one. */
import { createHash } from 'node:crypto';
import type { TokenRecord } from '../../../domain/index.ts';
import type { Call, FaceParts } from '../call.ts';
import { type ApiError, fail } from '../errors.ts';

const tokenLength = { min: 33, max: 126 };
/** How long an accepted request is remembered by its token. */
const tokenLifetimeMs = 24 * 60 * 60_000;

export type NewToken = Omit<TokenRecord, 'answer'>;

/** The token of the body; null where none was sent. */
export function clientTokenOf({ body }: Pick<Call, 'body'>): string | null | ApiError {
  const token = body.clientRequestToken;
  if (token === undefined) return null;
  if (typeof token !== 'string') return fail('InvalidParameterException', 'clientRequestToken must be string.');
  if (token.length >= tokenLength.min && token.length <= tokenLength.max) return token;
  return fail(
    'InvalidParameterException',
    `The client request token parameter must be between ${tokenLength.min} and ${tokenLength.max} characters.`,
  );
}

/** Scoped to the operation and what it is about: `on` is a cluster's id, so that one made anew under an old name is another. */
export function tokenRecord(parts: FaceParts, call: Call, token: string | null, on: readonly string[]): NewToken | null {
  if (token === null) return null;
  const { clientRequestToken: _, ...parameters } = call.body;
  return {
    scope: ['eks', call.place.account, call.place.region, call.operation, ...on].join(' '),
    token,
    parameters: hashOf(parameters),
    expiresAt: new Date(Date.parse(parts.now()) + tokenLifetimeMs).toISOString(),
  };
}

/** What was stored for the first request of that token; an error for another request with it; null when it is the first. */
export async function storedFor(
  parts: FaceParts,
  token: NewToken | null,
): Promise<{ readonly answer: unknown } | ApiError | null> {
  if (token === null) return null;
  const before = await parts.control.getToken(token.scope, token.token);
  if (before === undefined) return null;
  return before.parameters === token.parameters ? { answer: before.answer } : tokenMismatch();
}

export function tokenMismatch(): ApiError {
  return fail('InvalidParameterException', 'The client request token was used before with other parameters.');
}

/** The same for the same parameters, in whatever order they were sent. */
export function hashOf(parameters: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(canonical(parameters)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
