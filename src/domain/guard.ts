import type { WaitReason } from './reason.ts';

/** What a guard says of taking a member now: never a bare boolean. */
export type GuardVerdict = { readonly may: true } | { readonly may: false; readonly because: WaitReason };

export const may: GuardVerdict = { may: true };

export function mayNot(code: string, subject: string, says: string, clearedBy: string): GuardVerdict {
  return { may: false, because: { code, subject, says, clearedBy } };
}
