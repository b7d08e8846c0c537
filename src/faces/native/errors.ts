/** Every error of this API in one place: its HTTP status, and when it is given. Codes are stable for ever. */
export const errorTable = {
  'bad-input': { status: 400, when: 'A member of the query or the body is missing or wrong; `details.key` names it.' },
  'unreadable-body': { status: 400, when: 'The body is not JSON.' },
  'bad-url': { status: 400, when: 'The path has a broken escape, or a part that is too long.' },
  unauthenticated: {
    status: 401,
    when: 'There is no access key in the request, or it is not an active one with its own secret; or the session is over.',
  },
  'wrong-key': { status: 401, when: 'What one signs in with is not an active access key with its own secret.' },
  'foreign-page': { status: 403, when: 'A session’s request that changes something was not sent by the console.' },
  'plain-http': { status: 403, when: 'The secret would cross the network readable.' },
  denied: { status: 403, when: 'The policy of the access key does not allow it; `details` has the action and the resource.' },
  'not-found': { status: 404, when: 'Nothing of this account has that id.' },
  'no-such-path': { status: 404, when: 'This API has no such path.' },
  'wrong-method': { status: 405, when: 'The path does not have this method.' },
  'name-taken': { status: 409, when: 'Another cluster of this account has the name, in the same region and of the same engine.' },
  'not-ready': { status: 409, when: 'The cluster is being created or removed, or could not be created.' },
  'upgrade-unfinished': { status: 409, when: 'The cluster has an unfinished upgrade; `details.upgradeId` names it.' },
  'plan-outdated': { status: 409, when: 'The cluster has changed since the plan was made.' },
  'not-now': { status: 409, when: 'What was asked for does not fit what goes on.' },
  'token-mismatch': { status: 409, when: 'The clientToken was used before with other parameters.' },
  'last-active-key': { status: 409, when: 'Without this key nobody could do everything.' },
  'too-large': { status: 413, when: 'The body is larger than is read.' },
  'unsupported-media-type': { status: 415, when: 'The body is not sent as application/json.' },
  refused: { status: 422, when: 'The cluster does not allow it; `details.because` says why.' },
  'no-route': { status: 422, when: 'The catalog has no way to the target.' },
  obstacles: { status: 422, when: 'Checks hold the upgrade; `details` has what they found.' },
  unreachable: { status: 422, when: 'The cluster does not answer.' },
  internal: { status: 500, when: 'A mistake of the server.' },
  unavailable: { status: 503, when: 'The database does not answer; the same request may pass in a moment.' },
} as const;

export type ErrorCode = keyof typeof errorTable;

/** An expected end that is an error to the caller. */
export interface ApiError {
  readonly kind: 'error';
  readonly code: ErrorCode;
  readonly says: string;
  /** What to do about it. */
  readonly remedy?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function fail(code: ErrorCode, says: string, more: Pick<ApiError, 'remedy' | 'details'> = {}): ApiError {
  return { kind: 'error', code, says, ...more };
}

export function notFound(what: string, id: string): ApiError {
  return fail('not-found', `No ${what} has the id ${shown(id)}.`);
}

/** The body of an error answer. */
export function errorBody({ code, says, remedy, details }: ApiError) {
  return { error: { code, says, ...(remedy === undefined ? {} : { remedy }), ...(details === undefined ? {} : { details }) } };
}

const shownMax = 64;

/** What a stranger sent, short and in one line. */
export function shown(text: string): string {
  const line = text.replaceAll(/[^\x20-\x7e]/g, '?');
  return line.length > shownMax ? `${line.slice(0, shownMax)}...` : line;
}
