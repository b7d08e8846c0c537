/**
 * Why Clusterlift waits or stops. Reasons are the product: each names what it is about and what would clear it.
 * `code` is a dotted sentence, stable for ever (`es.shards-initializing`), used in events, docs and URLs.
 */
export interface Reason {
  readonly code: string;
  /** What it is about: a member's name, `index/shard`, a setting, the cluster. */
  readonly subject: string;
  /** One sentence for a person. */
  readonly says: string;
  /** What would clear it: for a wait usually what is expected to happen, for a stop what a person should do. */
  readonly clearedBy: string;
  /** Lines of evidence, for example a member's own last words. Never a secret. */
  readonly evidence?: readonly string[];
}

/** A reason to look again later. */
export type WaitReason = Reason;

/** A reason that needs a person; `clearedBy` is the remedy. */
export type OperatorReason = Reason;

export function reason(code: string, subject: string, says: string, clearedBy: string, evidence: readonly string[] = []): Reason {
  return evidence.length === 0 ? { code, subject, says, clearedBy } : { code, subject, says, clearedBy, evidence };
}
