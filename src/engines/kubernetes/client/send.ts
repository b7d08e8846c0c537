import type { EngineIo, HttpRequest, Instant } from '../../../domain/index.ts';
import type { Unreachable } from './answer.ts';

export interface Limits {
  /** The answer must be there within this time. */
  readonly timeoutMs?: number;
  /** And by this moment, whatever its own time. */
  readonly until?: Instant;
}

export type Sent = { readonly kind: 'answered'; readonly status: number; readonly body: string } | Unreachable;

/** One request may take this long where nobody says otherwise. */
const requestTimeoutMs = 10_000;
/** A request that comes too late is made all the same, and given up at once. */
const shortestTimeoutMs = 1;
const cutOff = ['ECONNRESET', 'EPIPE'];

/** Sends one request; whatever comes back is an answer. */
export async function send(io: EngineIo, request: Omit<HttpRequest, 'timeoutMs'>, limits: Limits = {}): Promise<Sent> {
  try {
    const { status, body } = await io.http({ ...request, timeoutMs: timeLeftMs(io, limits) });
    return { kind: 'answered', status, body };
  } catch (error) {
    const says = error instanceof Error ? error.message || codeOf(error) : String(error);
    return {
      kind: 'unreachable',
      because: says.includes(request.url) ? says : `${request.url}: ${says}`,
      accepted: cutOff.includes(codeOf(error)),
    };
  }
}

function timeLeftMs(io: EngineIo, { timeoutMs = requestTimeoutMs, until }: Limits): number {
  if (until === undefined) return timeoutMs;
  return Math.max(shortestTimeoutMs, Math.min(timeoutMs, Date.parse(until) - Date.parse(io.now())));
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
