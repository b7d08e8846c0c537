import { type Static, type TSchema, Type } from 'typebox';
import type { EngineIo, KubernetesCluster } from '../../../domain/index.ts';
import { type Answer, type Reader, reader, type Unreachable } from './answer.ts';
import { administrator } from './credentials.ts';
import { jsonOf, type Limits, type Sent, send } from './send.ts';

/** Objects asked for at once. */
const pageSize = 500;
/** A list longer than this many pages is not read to its end. */
const pagesMax = 400;
/** How often a list is begun again because the server no longer knows the page that was next. */
const listStarts = 2;
const errorTextMaxChars = 600;

export interface ListOptions extends Limits {
  readonly pageSize?: number;
  /** `labelSelector`, `fieldSelector`, `resourceVersion`. */
  readonly query?: Readonly<Record<string, string>>;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Asks for the next page; null: this was the last. */
  readonly next: string | null;
}

export interface DeleteOptions extends Limits {
  /** Only that very object, not one of the same name. */
  readonly uid?: string;
  readonly gracePeriodSeconds?: number;
}

export type Deleted =
  | { readonly kind: 'deleted' }
  /** It is not there, or another one of the same name is. */
  | { readonly kind: 'gone' }
  | Exclude<Answer<unknown>, { readonly kind: 'ok' }>;

const patchTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
} as const;

/** Asks one place of a cluster's API: an apiserver at its own address, or the front door. */
export interface KubernetesClient {
  readonly base: string;
  /** Whatever is answered is an answer, for what is no JSON: `/readyz?verbose`, `/metrics`. */
  look(path: string, limits?: Limits): Promise<Sent>;
  get<T>(path: string, read: Reader<T>, limits?: Limits): Promise<Answer<T>>;
  page<T>(path: string, read: Reader<Listed<T>>, next: string | null, options?: ListOptions): Promise<Answer<Page<T>>>;
  /** Every page. */
  list<T>(path: string, read: Reader<Listed<T>>, options?: ListOptions): Promise<Answer<readonly T[]>>;
  create(path: string, body: unknown, limits?: Limits): Promise<Answer<unknown>>;
  put(path: string, body: unknown, limits?: Limits): Promise<Answer<unknown>>;
  patch(path: string, how: keyof typeof patchTypes, body: unknown, limits?: Limits): Promise<Answer<unknown>>;
  delete(path: string, options?: DeleteOptions): Promise<Deleted>;
}

const Metadata = Type.Object({ continue: Type.Optional(Type.String()) });

export interface Listed<T> {
  readonly metadata: Static<typeof Metadata>;
  /** An empty list may be null. */
  readonly items: readonly T[] | null;
}

/** A reader of lists of what the schema says. */
export function listReader<S extends TSchema>(what: string, item: S): Reader<Listed<Static<S>>> {
  const read = reader(what, Type.Object({ metadata: Metadata, items: Type.Union([Type.Array(item), Type.Null()]) }));
  return read as Reader<Listed<Static<S>>>;
}

const anything: Reader<unknown> = reader('the answer', Type.Unknown());

export function kubernetesClient(cluster: KubernetesCluster, io: EngineIo, base: string): KubernetesClient {
  const credentials = administrator(cluster);

  async function ask(method: string, path: string, limits: Limits = {}, body?: unknown, type = 'application/json') {
    if (credentials.kind === 'lack') {
      return { kind: 'unreachable', because: `${base}: ${credentials.because}`, accepted: false } satisfies Unreachable;
    }
    const headers = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': type }),
      ...credentials.headers,
    };
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    return send(io, { method, url: `${base}${path}`, headers, tls: credentials.tls, ...text }, limits);
  }

  async function page<T>(path: string, read: Reader<Listed<T>>, next: string | null, options: ListOptions = {}) {
    const query = new URLSearchParams({
      limit: String(options.pageSize ?? pageSize),
      ...options.query,
      ...(next === null ? {} : { continue: next }),
    });
    // A further page is of the moment of the first; to name a version beside it is an error.
    if (next !== null) query.delete('resourceVersion');
    const answer = readAs(read, await ask('GET', `${path}?${query}`, options));
    if (answer.kind !== 'ok') return answer;
    const { metadata, items } = answer.value;
    return { kind: 'ok' as const, value: { items: items ?? [], next: metadata.continue || null } };
  }

  return {
    base,
    look: (path, limits) => ask('GET', path, limits),
    get: async (path, read, limits) => readAs(read, await ask('GET', path, limits)),
    page,
    list: (path, read, options) => everyPage((next) => page(path, read, next, options), `${base}${path}`),
    create: async (path, body, limits) => readAs(anything, await ask('POST', path, limits, body)),
    put: async (path, body, limits) => readAs(anything, await ask('PUT', path, limits, body)),
    patch: async (path, how, body, limits) => readAs(anything, await ask('PATCH', path, limits, body, patchTypes[how])),
    delete: async (path, { uid, gracePeriodSeconds, ...limits } = {}) => {
      const body = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...(uid === undefined ? {} : { preconditions: { uid } }),
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      };
      const answer = readAs(anything, await ask('DELETE', path, limits, body));
      if (answer.kind === 'ok') return { kind: 'deleted' };
      return isGone(answer) ? { kind: 'gone' } : answer;
    },
  };
}

/** The object is not there, or is not the one that was meant. */
export function isGone(answer: Answer<unknown>): boolean {
  if (answer.kind !== 'status') return false;
  return answer.status === 404 || (answer.status === 409 && /UID in (the )?precondition/.test(answer.says));
}

async function everyPage<T>(page: (next: string | null) => Promise<Answer<Page<T>>>, url: string): Promise<Answer<readonly T[]>> {
  let items: T[] = [];
  let next: string | null = null;
  let starts = 1;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const answer = await page(next);
    if (answer.kind === 'status' && answer.status === 410 && next !== null && starts < listStarts) {
      starts += 1;
      items = [];
      next = null;
      continue;
    }
    if (answer.kind !== 'ok') return answer;
    items.push(...answer.value.items);
    next = answer.value.next;
    if (next === null) return { kind: 'ok', value: items };
  }
  return { kind: 'unreadable', because: `${url} has more than ${items.length} objects, which is more than is read` };
}

const StatusObject = reader(
  'the status',
  Type.Object({
    message: Type.String(),
    reason: Type.Optional(Type.String()),
    details: Type.Optional(
      Type.Object({ causes: Type.Optional(Type.Array(Type.Object({ message: Type.Optional(Type.String()) }))) }),
    ),
  }),
);

export function readAs<T>(read: Reader<T>, sent: Sent): Answer<T> {
  if (sent.kind === 'unreachable') return sent;
  const body = jsonOf(sent.body);
  if (sent.status < 200 || sent.status > 299) {
    const status = StatusObject.read(body);
    if (status.kind === 'ok') {
      const { message, reason = null, details: { causes = [] } = {} } = status.value;
      // A message may only say that something is in the way; its causes say what.
      const because = causes.map((cause) => cause.message ?? '').filter((text) => text !== '' && !message.includes(text));
      const says = [message, ...because].join(' ').slice(0, errorTextMaxChars);
      return { kind: 'status', status: sent.status, reason, says };
    }
    return { kind: 'status', status: sent.status, reason: null, says: sent.body.trim().slice(0, errorTextMaxChars) };
  }
  return body === undefined ? { kind: 'unreadable', because: `${read.what} is no JSON` } : read.read(body);
}
