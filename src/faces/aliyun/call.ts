import type { Control } from '../../control/index.ts';
import type { Caller, Catalog, Instant, Log } from '../../domain/index.ts';
import type { Body } from './body.ts';
import type { ApiError } from './errors.ts';

/** What every operation of this API works with. */
export interface FaceParts {
  readonly control: Control;
  /** Releases and edges of Elasticsearch, for the short forms of versions. */
  readonly catalog: Catalog;
  readonly now: () => Instant;
  readonly newId: () => string;
  readonly log: Log;
  readonly defaultRegion: string;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** One request to one operation, read and authenticated. */
export interface Call {
  readonly caller: Caller;
  /** Values of the path's `{names}`, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  readonly body: Body;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly kind: 'reply';
  readonly result: unknown;
  /** Members beside `Result`, such as `Headers`. */
  readonly beside?: Readonly<Record<string, unknown>>;
}

export type Answer = Reply | ApiError;

export type Operation = (parts: FaceParts, call: Call) => Promise<Answer>;

export function reply(result: unknown, beside?: Readonly<Record<string, unknown>>): Reply {
  return beside === undefined ? { kind: 'reply', result } : { kind: 'reply', result, beside };
}

/** A query value by name, in any letter case; the first where there are several. */
export function queryValue(call: Pick<Call, 'query'>, name: string): string | undefined {
  return call.query.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
