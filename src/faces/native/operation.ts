import { type Static, type TObject, type TSchema, Type } from 'typebox';
import type { Answer, Call, FaceParts } from './call.ts';
import type { ErrorCode } from './errors.ts';
import { type Subject, subjectOf } from './permission.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
export type Tag = 'clusters' | 'plans' | 'upgrades' | 'keys' | 'releases' | 'changes' | 'sessions' | 'audit' | 'document';

/** Who is let in: `by-policy` is whoever has an active key whose policy allows it. */
export type Admits = 'anybody' | 'any-key' | 'by-policy';

/** One endpoint: how it is described, what it takes, what it answers, and what it does. */
export interface Operation {
  readonly id: string;
  readonly tag: Tag;
  readonly method: Method;
  /** Below the prefix; `:name` stands for one segment. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly admits: Admits;
  readonly params: TObject;
  readonly query: TObject;
  readonly body: TSchema | null;
  /** No body means `{}`. */
  readonly bodyOptional?: true;
  /** Where a body may be larger than others. */
  readonly bodyMaxBytes?: number;
  readonly answers: Readonly<Record<number, Described>>;
  /** Errors of its own, beside those that any operation may end with. */
  readonly errors: readonly ErrorCode[];
  /** What policies are asked about. */
  readonly concerns: (call: Call) => Subject;
  readonly run: (parts: FaceParts, call: Call) => Promise<Answer>;
}

export interface Described {
  readonly description: string;
  /** Null where the answer has no other form than server-sent events. */
  readonly schema: TSchema | null;
  /** The answer as server-sent events. */
  readonly events?: string;
}

const none = Type.Object({});

type Written<P extends TObject, Q extends TObject, B extends TSchema> = Omit<
  Operation,
  'admits' | 'params' | 'query' | 'body' | 'concerns' | 'run' | 'errors'
> & {
  /** `by-policy` where nothing is said. */
  readonly admits?: Admits;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly errors?: readonly ErrorCode[];
  /** Where its path does not say it. */
  readonly concerns?: (call: Call<Static<P>, Static<Q>, Static<B>>) => Subject;
  readonly run: (parts: FaceParts, call: Call<Static<P>, Static<Q>, Static<B>>) => Promise<Answer>;
};

/** What `run` gets has the types of its own schemas: index.ts has checked the request against them. */
export function operation<P extends TObject = TObject, Q extends TObject = TObject, B extends TSchema = TSchema>(
  written: Written<P, Q, B>,
): Operation {
  const { admits, params, query, body, errors, concerns, run, ...rest } = written;
  return {
    ...rest,
    admits: admits ?? 'by-policy',
    params: params ?? none,
    query: query ?? none,
    body: body ?? null,
    errors: errors ?? [],
    concerns: (concerns as Operation['concerns'] | undefined) ?? ((call) => subjectOf(call.params)),
    run: run as Operation['run'],
  };
}
