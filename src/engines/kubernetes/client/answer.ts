import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

export interface Unreachable {
  readonly kind: 'unreachable';
  readonly because: string;
  /** Somebody took the connection and cut it off without an answer: a balancer with nobody behind it does. */
  readonly accepted: boolean;
}

/** How a question ends. */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** An answer that is no success. `reason` and `says` are those of its Status where there is one. */
  | { readonly kind: 'status'; readonly status: number; readonly reason: string | null; readonly says: string }
  | Unreachable
  /** A success that is not what it should be. */
  | { readonly kind: 'unreadable'; readonly because: string };

/** What was answered and is not as it should be, or could not be had at all: never a success. */
export type Trouble = Exclude<Answer<unknown>, { readonly kind: 'ok' }>;

/** What went wrong, for a person. */
export function trouble(answer: Trouble): string {
  return answer.kind === 'status' ? `HTTP ${answer.status}: ${answer.says}` : answer.because;
}

export interface Reader<T> {
  /** What is read, as the beginning of a sentence. */
  readonly what: string;
  readonly read: (value: unknown) => Answer<T>;
}

/** Takes a value for what the schema says, or tells which part of it is otherwise. */
export function reader<S extends TSchema>(what: string, schema: S): Reader<Static<S>> {
  // When something is read by it for the first time: all of them together would hold up the start of a server.
  const compile = () => Compile(schema);
  let compiled: ReturnType<typeof compile> | null = null;
  return {
    what,
    read: (value) => {
      compiled ??= compile();
      if (compiled.Check(value)) return { kind: 'ok', value: value as Static<S> };
      const [first] = compiled.Errors(value);
      const where = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
      const found = `${where === '' ? '' : `${where} `}${first?.message ?? ''}`.trim();
      return { kind: 'unreadable', because: `${what} is not as expected: ${found}` };
    },
  };
}
