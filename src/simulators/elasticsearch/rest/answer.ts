import { majorOf } from '../../../domain/index.ts';
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
export function failure(
  status: number,
  type: string,
  reason: string | null,
  more: Readonly<Record<string, unknown>> = {},
): Answer {
  const cause = { type, reason, ...more };
  return { status, body: { error: { root_cause: [cause], ...cause }, status } };
}

export function illegalArgument(reason: string): Answer {
  return failure(400, 'illegal_argument_exception', reason);
}

export function noMaster(): Answer {
  return failure(503, 'master_not_discovered_exception', null);
}

export function indexNotFound(name: string, version: string): Answer {
  return failure(404, 'index_not_found_exception', noSuchIndex(name, version), {
    index: name,
    'resource.type': 'index_or_alias',
    'resource.id': name,
  });
}

/**
 * What nobody answers. Up to 8 a path below `_` may be taken for `/{index}/{type}/{id}`, as which it is asked for with a method
 * that does not fit, or lacks its index.
 */
export function absent(call: Call, version: string): Answer {
  const path = `/${call.path.join('/')}`;
  const major = majorOf(version);
  const [first = '', second = ''] = call.path;
  const words = call.method === 'GET' && first.startsWith('_') ? call.path.length : 0;
  if (words === 2 && major <= 5) return illegalArgument(`No endpoint or operation is available at [${second}]`);
  if (words === 2 && major <= 8) {
    const error = `Incorrect HTTP method for uri [${path}] and method [GET], allowed: [POST]`;
    return { status: 405, body: { error, status: 405 } };
  }
  if (words === 3 && major <= 7) return unknownIndex(first, version);
  if (major <= 5) return { status: 400, body: `No handler found for uri [${path}] and method [${call.method}]` };
  return { status: 400, body: { error: `no handler found for uri [${path}] and method [${call.method}]` } };
}

/** From 7 on the words name the index. */
function noSuchIndex(name: string, version: string): string {
  return majorOf(version) >= 7 ? `no such index [${name}]` : 'no such index';
}

function unknownIndex(name: string, version: string): Answer {
  const more = { 'resource.type': 'index_expression', 'resource.id': name, index_uuid: '_na_', index: name };
  return failure(404, 'index_not_found_exception', noSuchIndex(name, version), more);
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function flag(call: Call, name: string): boolean {
  const value = call.query[name];
  return value !== undefined && value !== 'false';
}
