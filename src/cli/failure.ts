import type { ExitCode } from './exit-codes.ts';

/**
 * The command cannot go on. Thrown from anywhere, caught once, in main: what happened and why, then what to do.
 * Anything else that is thrown is a bug.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: ExitCode;
  /** One line each, below the sentence: keys that are wrong, evidence. */
  readonly details: readonly string[];
  readonly remedy: string | null;
  /** The server's code and what it sent with it, for a caller that knows what to make of them. */
  readonly answer: { readonly code: string; readonly details: unknown } | null;

  constructor(
    exitCode: ExitCode,
    says: string,
    more: { readonly details?: readonly string[]; readonly remedy?: string | null; readonly answer?: Failure['answer'] } = {},
  ) {
    super(says);
    this.exitCode = exitCode;
    this.details = more.details ?? [];
    this.remedy = more.remedy ?? null;
    this.answer = more.answer ?? null;
  }
}
