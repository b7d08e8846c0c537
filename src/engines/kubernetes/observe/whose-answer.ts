import type { MemberProcess } from '../../../domain/index.ts';

export type WhoseAnswer =
  /** Of the process that its host tells of. */
  | { readonly kind: 'ours'; readonly ephemeralId: string }
  /** Of a process that no host tells of: its owner started it. */
  | { readonly kind: 'of-another' }
  /** The process changed during the look: the answer may be of one that is gone. */
  | { readonly kind: 'of-nobody' };

/**
 * Components of Kubernetes do not tell which process they are. So the host is asked before and after them: what was
 * answered is of its process when that is the same both times.
 */
export function whoseAnswer(before: MemberProcess | undefined, after: MemberProcess | undefined): WhoseAnswer {
  if (before === undefined || after === undefined || before.state !== after.state) return { kind: 'of-nobody' };
  if (after.state === 'launching') return { kind: 'of-nobody' };
  if (before.state !== 'running' || after.state !== 'running') return { kind: 'of-another' };
  const { pid, startTime } = after.identity;
  if (before.identity.pid !== pid || before.identity.startTime !== startTime) return { kind: 'of-nobody' };
  return { kind: 'ours', ephemeralId: `${pid}@${startTime}` };
}
