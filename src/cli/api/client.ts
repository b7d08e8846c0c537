import type { Static, TSchema } from 'typebox';
import { Check, Errors } from 'typebox/schema';
import { exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { limits } from '../limits.ts';
import type { Shell } from '../shell.ts';
import { notOurs, refusal, unreachable } from './refusals.ts';

/** Where the server is and who asks. */
export interface Address {
  readonly url: string;
  readonly keyId: string;
  readonly secret: string;
}

export interface Api {
  readonly keyId: string;
  get<T extends TSchema>(path: string, schema: T): Promise<Static<T>>;
  /** `twice`: the same thing sent twice is done once, so that a broken connection may be tried again. */
  post<T extends TSchema>(path: string, body: unknown, schema: T, twice?: 'safe-to-send-twice'): Promise<Static<T>>;
  delete<T extends TSchema>(path: string, schema: T): Promise<Static<T>>;
  /** An open stream of events, asked for with a body or without one; its end is the caller's business. */
  open(path: string, headers: Record<string, string>, signal: AbortSignal, body?: unknown): Promise<ReadableStream<Uint8Array>>;
}

interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

export function createApi(address: Address, shell: Pick<Shell, 'pause'>): Api {
  const base = `${address.url.replace(/\/+$/, '')}/api/v1`;
  const authorization = `Basic ${Buffer.from(`${address.keyId}:${address.secret}`).toString('base64')}`;

  async function send(request: Request, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
    const type: Record<string, string> = request.body === undefined ? {} : { 'content-type': 'application/json' };
    try {
      // A redirect is not followed: the key is for this server alone.
      return await fetch(base + request.path, {
        method: request.method,
        headers: { authorization, accept: 'application/json', ...type, ...headers },
        redirect: 'manual',
        signal,
        ...body,
      });
    } catch (error) {
      throw unreachable(address.url, error);
    }
  }

  async function once(request: Request): Promise<unknown> {
    const response = await send(request, {}, AbortSignal.timeout(limits.answerTimeoutMs));
    const answer = await readJson(response, address.url);
    if (!response.ok) throw refusal(address, response, answer);
    return answer;
  }

  async function askUntilAnswered(request: Request): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(request);
      } catch (error) {
        if (!isPassing(error) || attempt >= limits.sendAttempts) throw error;
        await shell.pause(limits.sendAgainMs);
      }
    }
  }

  return {
    keyId: address.keyId,
    get: async (path, schema) => understood(await askUntilAnswered({ method: 'GET', path }), schema, path),
    post: async (path, body, schema, twice) => {
      const request = { method: 'POST', path, body } as const;
      return understood(await (twice === undefined ? once(request) : askUntilAnswered(request)), schema, path);
    },
    delete: async (path, schema) => understood(await once({ method: 'DELETE', path }), schema, path),
    open: async (path, headers, signal, body) => {
      const request: Request = body === undefined ? { method: 'GET', path } : { method: 'POST', path, body };
      const response = await send(request, { accept: 'text/event-stream', ...headers }, signal);
      if (!response.ok) throw refusal(address, response, await readJson(response, address.url));
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (!isStream || response.body === null) throw notOurs(address.url, response);
      return response.body;
    },
  };
}

/** The server is away for a moment, or the connection broke: another try may meet it. */
export function isPassing(error: unknown): boolean {
  return error instanceof Failure && passingCodes.includes(error.answer?.code ?? '');
}

/** Codes of ours for what has no answer, beside the server's for a database that is away. */
const passingCodes: readonly string[] = ['connection-broken', 'unavailable'];

async function readJson(response: Response, url: string): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw unreachable(url, error);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw notOurs(url, response);
  }
}

/** The answer, when it holds what is read of it. */
export function understood<T extends TSchema>(answer: unknown, schema: T, path: string): Static<T> {
  if (Check(schema, answer)) return answer as Static<T>;
  const [, errors] = Errors(schema, answer);
  throw new Failure(exitCodes.error, `The server’s answer to ${path} is not one that this command line understands.`, {
    details: errors.slice(0, 3).map((error) => `${error.instancePath || 'answer'} ${error.message}`),
    remedy: 'Use the command line of the same version as the server.',
  });
}
