/**
 * Moves: each performs one small action, dull and idempotent, guarded by the identities it was decided for.
 * They do not know: why a move was chosen, what comes next.
 */
import { adoptMember } from './adopt-member.ts';
import { freeze, thaw } from './change-settings.ts';
import { fenced } from './fence.ts';
import { liftMember, startMember } from './lift-member.ts';
import type { Perform } from './move.ts';
import { prefetch } from './prefetch.ts';
import { retryFailed } from './retry-failed.ts';
import { runHook } from './run-hook.ts';

export const moves: Readonly<Record<string, Perform>> = {
  prefetch,
  'adopt-member': adoptMember,
  freeze: fenced(freeze),
  thaw: fenced(thaw),
  'lift-member': liftMember,
  'start-member': startMember,
  'run-hook': runHook,
  'retry-failed': fenced(retryFailed),
};

export type { Act, Perform } from './move.ts';
