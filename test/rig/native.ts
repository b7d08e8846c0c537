import type { ServerRig } from './server.ts';
import { eventually } from './waiting.ts';

export interface Reason {
  readonly code: string;
  readonly subject: string;
  readonly says: string;
  readonly clearedBy: string;
  readonly evidence?: readonly string[];
}

export interface UpgradeRow {
  readonly id: string;
  readonly clusterId: string;
  readonly status: string;
  readonly generation: number;
  readonly reason: Reason | null;
}

export interface EventRow {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly move: string | null;
  readonly members: readonly string[];
  readonly says: string;
  readonly reason: Reason | null;
}

/** Our own HTTP API, called as any client of it would. */
export class NativeRig {
  readonly #url: string;
  readonly #authorization: string;

  constructor(server: Pick<ServerRig, 'url' | 'keyId' | 'secret'>) {
    this.#url = `${server.url}/api/v1`;
    this.#authorization = `Basic ${Buffer.from(`${server.keyId}:${server.secret}`).toString('base64')}`;
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: this.#authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text.slice(0, 2_000)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

export { eventually };
