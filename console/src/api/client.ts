/** Requests to the native API, with every end of one as a value or an `ApiFailure`. */

export const apiRoot = '/api/v1';
/** Tells the server that the console asks: it is what a page of another site cannot add to a request with our cookie. */
export const consoleHeader = { 'x-clusterlift-console': '1' } as const;
/** A look at a large cluster that answers slowly takes a while; longer than this nobody waits for. */
const answerTimeoutMs = 60_000;

interface ErrorAnswer {
  readonly error?: {
    readonly code?: string;
    readonly says?: string;
    readonly remedy?: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

/** What an answer that is none says: the server's own words, or that there was no answer. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** 0 where no answer came. */
  readonly status: number;
  readonly code: string;
  readonly remedy: string | null;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, answer: ErrorAnswer['error'] = {}) {
    super(answer.says ?? `The server answered with ${status}.`);
    this.status = status;
    this.code = answer.code ?? 'unexpected';
    this.remedy = answer.remedy ?? null;
    this.details = answer.details ?? {};
  }

  /** It may pass by itself: the server is being started, or its database is away. */
  get passing(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export function noAnswer(): ApiFailure {
  return new ApiFailure(0, {
    code: 'no-answer',
    says: 'The server does not answer.',
    remedy: 'It is asked again by itself. When this lasts, see whether the server runs.',
  });
}

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;
interface Asked {
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

async function ask<T>(method: string, path: string, { query = {}, body, signal }: Asked): Promise<T> {
  const limit = AbortSignal.timeout(answerTimeoutMs);
  let response: Response;
  try {
    response = await fetch(addressOf(path, query), {
      method,
      credentials: 'same-origin',
      headers: { ...consoleHeader, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw noAnswer();
  }
  if (!response.ok) throw await failureOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** A path with its query; members that are null or undefined are left out. */
export function addressOf(path: string, query: Query = {}): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null && value !== undefined) words.set(name, String(value));
  return `${apiRoot}${path}${words.size === 0 ? '' : `?${words}`}`;
}

export async function failureOf(response: Response): Promise<ApiFailure> {
  const answer = (await response.json().catch(() => ({}))) as ErrorAnswer;
  return new ApiFailure(response.status, answer.error);
}

export const api = {
  get: <T>(path: string, asked: Omit<Asked, 'body'> = {}): Promise<T> => ask<T>('GET', path, asked),
  post: <T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> =>
    ask<T>('POST', path, { body, ...(signal === undefined ? {} : { signal }) }),
  patch: <T>(path: string, body: unknown): Promise<T> => ask<T>('PATCH', path, { body }),
  delete: <T>(path: string, query: Query = {}): Promise<T> => ask<T>('DELETE', path, { query }),
};
