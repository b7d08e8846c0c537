/** What was thrown on the way to an answer: what the framework has to say of a request, and what is our own fault. */
import type { ErrorObject } from 'ajv';
import type { Log } from '../../domain/index.ts';
import { isAway } from '../thrown.ts';
import { bodyLimitBytes } from './body.ts';
import { type ApiError, errorBody, fail } from './errors.ts';
import { wrongOf } from './validation.ts';

interface Thrown {
  readonly statusCode?: number;
  readonly validation?: readonly Partial<ErrorObject>[];
  readonly validationContext?: string;
}

export function thrownError(error: unknown, log: Log, bodyMaxBytes = bodyLimitBytes): ApiError {
  const thrown: Thrown = typeof error === 'object' && error !== null ? error : {};
  if (thrown.validation !== undefined) return invalid(thrown.validation, thrown.validationContext ?? 'request');
  const status = thrown.statusCode ?? 500;
  if (status === 413) return fail('too-large', `At most ${bodyMaxBytes} bytes are read.`);
  if (status === 415) return fail('unsupported-media-type', 'Send the body as application/json.');
  // Its message may quote the body, which may hold a secret.
  if (status >= 400 && status < 500) return fail('unreadable-body', 'The body is not JSON that can be read.');
  log.error({ err: error }, 'A request to the native API failed.');
  if (isAway(error)) return fail('unavailable', 'The database does not answer. Ask again in a moment.');
  return fail('internal', 'The server made a mistake; its log has more.');
}

/** An id that no cluster, plan, upgrade or key can have is an id that none has. */
function invalid(errors: NonNullable<Thrown['validation']>, context: string): ApiError {
  if (context === 'params') return fail('not-found', 'Nothing can have that id.');
  const wrong = wrongOf(errors, context === 'querystring' ? 'query' : context);
  return fail('bad-input', wrong.says, { details: { key: wrong.key } });
}

/** For paths that no route can be looked up for: a broken escape, a part that is too long. */
export function badUrlAnswer() {
  return { status: 400, body: errorBody(fail('bad-url', 'The path has a broken escape, or a part that is too long.')) };
}
