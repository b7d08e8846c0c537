import type { Journal } from '../../journal.ts';
import type { Moment, SimCluster, SimProcess, World } from '../world/index.ts';

export interface Call {
  readonly method: string;
  /** Decoded, without the leading slash: `_cluster`, `health`. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON, or undefined when there was none. */
  readonly body: unknown;
  readonly text: string;
}

/** What a handler may use: the world as it is, and waiting for it to change. */
export interface Site {
  readonly world: World;
  readonly cluster: SimCluster;
  readonly node: SimProcess;
  readonly journal: Pick<Journal, 'settingsWrites'>;
  readonly moment: () => Moment;
  readonly nowWallMs: () => number;
  /** True once the condition holds, false when the time (of the caller's clock) is up. */
  readonly until: (condition: () => boolean, timeoutMs: number) => Promise<boolean>;
}

export interface Answer {
  readonly status: number;
  /** A string is sent as plain text. */
  readonly body: unknown;
}

export type Handler = (call: Call, site: Site) => Answer | Promise<Answer>;

export function ok(body: unknown, status = 200): Answer {
  return { status, body };
}

/** An error in the API's shape. */
export function failure(status: number, type: string, reason: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  const cause = { type, reason, ...more };
  return { status, body: { error: { root_cause: [cause], ...cause }, status } };
}

export function illegalArgument(reason: string): Answer {
  return failure(400, 'illegal_argument_exception', reason);
}

export function noMaster(): Answer {
  return failure(503, 'master_not_discovered_exception', 'no master has been elected');
}

export function indexNotFound(name: string): Answer {
  return failure(404, 'index_not_found_exception', 'no such index', {
    index: name,
    'resource.type': 'index_or_alias',
    'resource.id': name,
  });
}

/** An unknown path below `_` was a 400 up to 5; from 6 on some are taken for `/{index}/{type}` and answer 405. */
export function absent(call: Call, version: string): Answer {
  const path = `/${call.path.join('/')}`;
  const first = call.path[0] ?? '';
  if (Number.parseInt(version, 10) >= 6 && first.startsWith('_') && call.path.length >= 2 && call.method === 'GET') {
    return {
      status: 405,
      body: { error: `Incorrect HTTP method for uri [${path}] and method [GET], allowed: [POST]`, status: 405 },
    };
  }
  return { status: 400, body: `No handler found for uri [${path}] and method [${call.method}]` };
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function flag(call: Call, name: string): boolean {
  const value = call.query[name];
  return value !== undefined && value !== 'false';
}
