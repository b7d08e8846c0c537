import { setTimeout as pause } from 'node:timers/promises';
import { Documents } from './documents.ts';
import { type Figures, figuresOf, type OperationKind, type Sample, type Stretch } from './figures.ts';
import { createIndex, documentPath } from './paths.ts';
import { type Answer, Transport } from './transport.ts';

export interface LoadOptions {
  readonly nodes: readonly string[];
  readonly index: string;
  /** Lowest version among the nodes. */
  readonly version: string;
  readonly perSecond?: number;
  /** Operations in flight at most; one that is due and finds no room waits, and its latency counts from when it was due. */
  readonly maxInFlight?: number;
  readonly deadlineMs?: number;
  readonly documents?: Documents;
}

/**
 * Writes and reads at a steady rate, half and half: operations start when they are due, not when the one before has
 * ended (an open loop), so a cluster that pauses is seen as slow rather than as idle.
 */
export class LoadClient {
  readonly documents: Documents;
  readonly transport: Transport;
  readonly #options: Required<Omit<LoadOptions, 'deadlineMs' | 'documents' | 'version'>>;
  readonly #samples: Sample[] = [];
  readonly #stretches: Stretch[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  readonly #written: string[] = [];
  readonly #run = Math.random().toString(36).slice(2, 8);
  #version: string;
  #count = 0;
  #startedAt: number | null = null;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: LoadOptions) {
    this.documents = options.documents ?? new Documents();
    this.transport = new Transport({ nodes: options.nodes, deadlineMs: options.deadlineMs ?? 30_000 });
    this.#options = { perSecond: 25, maxInFlight: 256, ...options };
    this.#version = options.version;
  }

  /**
   * Makes its index, with one shard. A search over several shards asks twice, and one that is between the two questions in
   * the moment when a node is stopped fails in every version: Elasticsearch repeats the first question elsewhere, never the
   * second. Over one shard both are one question.
   */
  prepare(replicas = 1): Promise<void> {
    return createIndex(this.transport, this.#options.index, { shards: 1, replicas });
  }

  /** Tells the client the lowest version among the nodes, which decides how documents are addressed. */
  speak(version: string): void {
    this.#version = version;
  }

  start(): void {
    if (this.#startedAt !== null) throw new Error('the client is running');
    this.#startedAt = this.now();
    this.#loop = this.#generate(this.#startedAt);
  }

  /** Stops starting operations and waits for those in flight. May be started again. */
  async stop(): Promise<void> {
    if (this.#startedAt === null) return;
    const from = this.#startedAt;
    this.#startedAt = null;
    await this.#loop;
    await Promise.all(this.#inFlight);
    this.#stretches.push({ from, to: this.now() });
  }

  close(): Promise<void> {
    return this.transport.close();
  }

  /** Milliseconds on the clock that `figures` understands. */
  now(): number {
    return performance.now();
  }

  /** Figures of everything so far, or since a moment of `now()`. */
  figures(since = 0): Figures {
    const running = this.#startedAt === null ? [] : [{ from: this.#startedAt, to: this.now() }];
    const stretches = [...this.#stretches, ...running]
      .map((stretch) => ({ from: Math.max(stretch.from, since), to: stretch.to }))
      .filter((stretch) => stretch.to > stretch.from);
    return figuresOf(this.#samples, stretches);
  }

  async #generate(startedAt: number): Promise<void> {
    const everyMs = 1000 / this.#options.perSecond;
    for (let n = 0; this.#startedAt === startedAt; n += 1) {
      const dueAt = startedAt + n * everyMs;
      const early = dueAt - this.now();
      if (early > 0) await pause(early);
      while (this.#inFlight.size >= this.#options.maxInFlight) await Promise.race(this.#inFlight);
      if (this.#startedAt !== startedAt) return;
      const operation = this.#operate(dueAt).finally(() => this.#inFlight.delete(operation));
      this.#inFlight.add(operation);
    }
  }

  async #operate(dueAt: number): Promise<void> {
    this.#count += 1;
    const n = this.#count;
    const kind: OperationKind = n % 2 === 1 ? 'write' : n % 4 === 2 ? 'search' : 'get';
    const end = kind === 'write' ? await this.#write(n) : kind === 'search' ? await this.#search(n) : await this.#get(n);
    this.#samples.push({
      kind,
      dueAt,
      endedAt: this.now(),
      retries: end.retries,
      failure: end.failure,
      fewerCopies: end.fewerCopies,
    });
  }

  async #write(n: number): Promise<End> {
    const { index } = this.#options;
    const id = `${this.#run}-${n}`;
    const source = { n, group: `g${n % 17}`, text: `document ${n} of run ${this.#run}`, at: new Date().toISOString() };
    const text = JSON.stringify(source);
    this.documents.doubtful(index, id, text);
    const end = endOfWrite(await this.transport.ask('PUT', documentPath(index, id, this.#version), source));
    if (end.failure === null) {
      this.documents.acknowledged(index, id, text);
      this.#written.push(id);
    }
    return end;
  }

  async #search(n: number): Promise<End> {
    const query = { size: 5, query: { match: { group: `g${n % 17}` } } };
    return endOf(await this.transport.ask('POST', `/${this.#options.index}/_search`, query), [200]);
  }

  /** Reads back a document that was acknowledged; a get sees it at once, so not finding it is a failure. */
  async #get(n: number): Promise<End> {
    const { index } = this.#options;
    const id = this.#written[Math.floor(Math.random() * this.#written.length)];
    if (id === undefined) return this.#search(n);
    const answer = await this.transport.ask('GET', documentPath(index, id, this.#version));
    const end = endOf(answer, [200]);
    if (end.failure !== null || answer.kind !== 'answer') return end;
    const source = (answer.body as { _source?: unknown })?._source;
    const same = JSON.stringify(source) === this.documents.of(index).get(id);
    return same ? end : { ...end, failure: `document ${id} is not what was written: ${answer.says}` };
  }
}

interface End {
  readonly retries: number;
  readonly failure: string | null;
  /** A write that the primary acknowledged while a replica's node was leaving. */
  readonly fewerCopies: boolean;
}

/**
 * A write is acknowledged once its primary has it. Where a replica's node leaves in that very moment, the answer names the
 * replica as failed; the copy is taken out of the in-sync set and made anew. Such a write is kept, so it is counted apart.
 */
function endOfWrite(answer: Answer): End {
  const body = answer.kind === 'answer' ? (answer.body as { _shards?: { failed?: number; successful?: number } } | null) : null;
  const kept = answer.kind === 'answer' && [200, 201].includes(answer.status) && (body?._shards?.successful ?? 0) >= 1;
  if (kept && (body?._shards?.failed ?? 0) > 0) return { retries: answer.retries, failure: null, fewerCopies: true };
  return endOf(answer, [200, 201]);
}

/** Success is one of the expected statuses, whole: an answer with failed shards or a time-out inside is a failure. */
function endOf(answer: Answer, expected: readonly number[]): End {
  if (answer.kind === 'no-answer') return { retries: answer.retries, failure: answer.says, fewerCopies: false };
  if (!expected.includes(answer.status)) return { retries: answer.retries, failure: answer.says, fewerCopies: false };
  const body = answer.body as { _shards?: { failed?: number }; timed_out?: boolean } | null;
  if (body === null) return { retries: answer.retries, failure: `no JSON: ${answer.says}`, fewerCopies: false };
  if ((body._shards?.failed ?? 0) > 0)
    return { retries: answer.retries, failure: `failed shards: ${answer.says}`, fewerCopies: false };
  if (body.timed_out === true)
    return { retries: answer.retries, failure: `timed out inside: ${answer.says}`, fewerCopies: false };
  return { retries: answer.retries, failure: null, fewerCopies: false };
}
