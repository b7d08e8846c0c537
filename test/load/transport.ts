import { Agent, request } from 'undici';

export interface TransportOptions {
  /** REST addresses of the nodes, `http://127.0.0.1:9201`. */
  readonly nodes: readonly string[];
  readonly maxRetries?: number;
  readonly deadlineMs?: number;
  /** How long a node that refused a connection is asked last. */
  readonly setAsideMs?: number;
}

export type Answer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown; readonly retries: number; readonly says: string }
  | { readonly kind: 'no-answer'; readonly retries: number; readonly says: string };

const retriedStatuses = new Set([429, 502, 503, 504]);

/**
 * Sends one operation to one node after the other: on to the next on a connection error or one of 429, 502, 503, 504,
 * and on nothing else; at most `maxRetries` times and never beyond the deadline of the whole operation. A node that
 * could not be reached is asked last for a while, as the official clients do.
 */
export class Transport {
  readonly #options: Required<TransportOptions>;
  readonly #agent: Agent;
  readonly #asideUntil = new Map<string, number>();
  #nodes: readonly string[];
  #turn = 0;

  constructor(options: TransportOptions) {
    if (options.nodes.length === 0) throw new Error('a client needs at least one node');
    this.#options = { maxRetries: 3, deadlineMs: 30_000, setAsideMs: 15_000, ...options };
    this.#nodes = options.nodes;
    // Time is limited by the deadline alone, so that a slow answer is one operation and not two.
    this.#agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 10_000, connect: { timeout: 5_000 } });
  }

  async ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD', path: string, body?: unknown): Promise<Answer> {
    const signal = AbortSignal.timeout(this.#options.deadlineMs);
    const order = this.#order();
    let last: Answer = { kind: 'no-answer', retries: 0, says: 'not sent' };
    for (let attempt = 0; attempt <= this.#options.maxRetries; attempt += 1) {
      const node = order[attempt % order.length] ?? '';
      last = await this.#once(node, method, path, body, signal, attempt);
      if (signal.aborted)
        return { kind: 'no-answer', retries: attempt, says: `deadline of ${this.#options.deadlineMs} ms: ${last.says}` };
      if (last.kind === 'answer' && !retriedStatuses.has(last.status)) return last;
    }
    return last;
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  /** The next node in turn first; those that could not be reached a moment ago last. */
  #order(): readonly string[] {
    const now = performance.now();
    const turned = this.#nodes.map((_, i) => this.#nodes[(this.#turn + i) % this.#nodes.length] ?? '');
    this.#turn = (this.#turn + 1) % this.#nodes.length;
    const aside = (node: string) => (this.#asideUntil.get(node) ?? 0) > now;
    return [...turned.filter((node) => !aside(node)), ...turned.filter(aside)];
  }

  async #once(node: string, method: string, path: string, body: unknown, signal: AbortSignal, retries: number): Promise<Answer> {
    const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
    const type = typeof body === 'string' ? 'application/x-ndjson' : 'application/json';
    try {
      const response = await request(`${node}${path}`, {
        method: method as 'GET',
        dispatcher: this.#agent,
        signal,
        ...(text === undefined ? {} : { body: text, headers: { 'content-type': type } }),
      });
      const answered = await response.body.text();
      this.#asideUntil.delete(node);
      const says = `${method} ${path} at ${node}: HTTP ${response.statusCode} ${answered.slice(0, 400)}`;
      return { kind: 'answer', status: response.statusCode, body: parse(answered), retries, says };
    } catch (error) {
      if (!signal.aborted) this.#asideUntil.set(node, performance.now() + this.#options.setAsideMs);
      return { kind: 'no-answer', retries, says: `${method} ${path} at ${node}: ${describe(error)}` };
    }
  }
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? `${code} ${error.message}` : error.message;
}
