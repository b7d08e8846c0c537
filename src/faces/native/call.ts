import type { Control, RehearsalCases } from '../../control/index.ts';
import type { Caller, Catalog, Instant, KubernetesSpec, Log, Release } from '../../domain/index.ts';
import type { ApiError } from './errors.ts';
import type { HopCounts } from './hop-counts.ts';
import type { Sessions, SignedIn } from './who-calls.ts';

/** What is said of a Kubernetes cluster that is to be made; all but the release has a usual value. */
export interface RequestedCluster {
  readonly release: Release;
  readonly apiservers?: number;
  readonly etcd?: number;
  readonly controllers?: number;
  readonly serviceCidr?: string;
  readonly flags?: KubernetesSpec['flags'];
  readonly soakMs?: number;
  readonly drainTimeoutMs?: number;
  readonly gateAfterFirstMember?: boolean;
  /** Of a balancer of its owner's: then no front door is made. */
  readonly endpoint?: string;
}

/** What every operation of this API works with. */
export interface FaceParts {
  readonly control: Control;
  readonly rehearsals: RehearsalCases;
  readonly sessions: Sessions;
  readonly catalog: Catalog;
  readonly now: () => Instant;
  readonly log: Log;
  /** Resolves after that time, or at once when the signal is aborted. */
  readonly pause: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Region of clusters that name none. */
  readonly defaultRegion: string;
  readonly hopsOf: HopCounts;
  /** The description of a Kubernetes cluster that is to be made, as its engine takes it. */
  readonly requestedSpec: (request: RequestedCluster) => KubernetesSpec;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
}

/** What a request tells of the browser that it came from, if any. */
export interface Browser {
  /** It names no page of another server as its origin. */
  readonly isOwn: boolean;
  /** The session that it shows, be it open or not. */
  readonly token: string | undefined;
  /** Null takes the cookie back. */
  readonly cookie: (token: string | null, maxAgeSeconds: number) => string;
}

/** One request to one operation: authenticated, and checked against the operation's schemas. */
export interface Call<Params = unknown, Query = unknown, Body = unknown> {
  readonly caller: Caller;
  /** Null for whoever shows a key. */
  readonly session: SignedIn | null;
  readonly browser: Browser;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Whether the key that called is still an active one, and the session still open. */
  readonly stillAllowed: () => Promise<boolean>;
}

export interface Reply {
  readonly kind: 'reply';
  readonly status: number;
  readonly body: unknown;
  /** Path of what was made, below this API's prefix. */
  readonly location?: string;
  readonly cookie?: string;
  /** Who called, where that was found out by the call itself. */
  readonly by?: Caller;
}

/** Server-sent events, as long as the caller stays. */
export interface Events {
  readonly kind: 'events';
  readonly frames: (gone: AbortSignal) => AsyncIterable<string>;
}

export type Answer = Reply | Events | ApiError;

export function ok(body: unknown): Reply {
  return { kind: 'reply', status: 200, body };
}

export function created(body: unknown, location?: string): Reply {
  return { kind: 'reply', status: 201, body, ...(location === undefined ? {} : { location }) };
}

export function accepted(body: unknown): Reply {
  return { kind: 'reply', status: 202, body };
}
