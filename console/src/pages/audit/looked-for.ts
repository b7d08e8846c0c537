/** Which calls are shown for the words that somebody looks for. */
import type { AuditEntry } from './audit-query.ts';

/** Every word must be somewhere in the line. */
export function fits(entry: AuditEntry, words: string): boolean {
  const { keyId, via, face, action, about, made, status, code, requestId, address } = entry;
  const text = [keyId, via, face, action, about, made, status, code, requestId, address].join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The page that shows what a call has made; null where none does. */
export function pageOf(made: string | null): string | null {
  if (made === null) return null;
  return /^\/(clusters|upgrades)\/[^/]+$/.test(made) ? made : null;
}

/** The native API names a cluster by its id, and one that is to be made by its name. */
export function clusterPageOf({ face, action, about }: AuditEntry): string | null {
  if (face !== 'native' || action === 'clusterlift:AddCluster') return null;
  const [, id] = /^cluster\/([\w.-]+)$/.exec(about) ?? [];
  return id === undefined ? null : `/clusters/${id}`;
}
