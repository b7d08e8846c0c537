/**
 * Guards: named safety rules that say whether a wave may be taken now. Each is one file, pure, and answers with a reason.
 * They do not know: how a wave is chosen, what happens to it, any I/O.
 */
import { type GuardVerdict, may } from '../../../domain/index.ts';
import { electedMasterLast } from './elected-master-last.ts';
import { everyRoleKeepsANode } from './every-role-keeps-a-node.ts';
import { everyShardKeepsACopy } from './every-shard-keeps-a-copy.ts';
import type { Guard, GuardContext } from './guard.ts';
import { noShardMoves } from './no-shard-moves.ts';
import { oneMasterAtATime } from './one-master-at-a-time.ts';
import { quorumHolds } from './quorum-holds.ts';
import { waveInOneZone } from './wave-in-one-zone.ts';

export type { Guard, GuardContext, GuardedMember } from './guard.ts';

export const guards: readonly Guard[] = [
  noShardMoves,
  waveInOneZone,
  everyShardKeepsACopy,
  oneMasterAtATime,
  quorumHolds,
  everyRoleKeepsANode,
  electedMasterLast,
];

/** The first guard that says no, or `may`. */
export function judge(context: GuardContext): GuardVerdict {
  for (const guard of guards) {
    const verdict = guard.judge(context);
    if (!verdict.may) return verdict;
  }
  return may;
}
