/** What a request turned out to be, noted by the face that took it, for whoever keeps the audit trail. */
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../domain/index.ts';

export interface Called {
  readonly face: string;
  readonly caller: Caller;
  readonly isSession: boolean;
  /** As policies name it. */
  readonly action: string;
  /** The name of what it is done to. */
  readonly about: string;
  readonly made: string | null;
  /** Of the error that it ends with, in the words of the face. */
  readonly code: string | null;
}

type Noted = Pick<Called, 'face' | 'caller' | 'action' | 'about'> & Partial<Called>;

const calls = new WeakMap<FastifyRequest, Called>();

/** An operation that changes something was called, by somebody who is known. */
export function noteCall(request: FastifyRequest, noted: Noted): void {
  calls.set(request, { isSession: false, made: null, code: null, ...noted });
}

/** How it ended; of a request that was not noted nothing is. */
export function noteEnd(request: FastifyRequest, end: Partial<Pick<Called, 'code' | 'made'>>): void {
  const call = calls.get(request);
  if (call !== undefined) calls.set(request, { ...call, ...end });
}

export function calledBy(request: FastifyRequest): Called | undefined {
  return calls.get(request);
}

/** Operations of public clouds that look and change nothing, by their names. */
export function onlyLooks(operation: string): boolean {
  return /^(Describe|Get|List|UpgradeInfo$)/.test(operation);
}
