import type { NumberedEntry } from '../../../domain/index.ts';
import { ok } from '../call.ts';
import { type Operation, operation } from '../operation.ts';
import { AuditList, AuditQuery } from '../wire/index.ts';

const usualLimit = 50;

const listAudit = operation({
  id: 'listAudit',
  tag: 'audit',
  method: 'GET',
  path: '/audit',
  summary: 'Who changed what, through any API of this server',
  description:
    'Calls of your account that changed something or were to, with how they ended. What was sent is not kept, and no secret is. ' +
    'Entries go after `retention.auditDays` of the configuration.',
  query: AuditQuery,
  answers: { 200: { description: 'One page of them.', schema: AuditList } },
  run: async ({ control }, { caller, query: { limit = usualLimit, before } }) => {
    // One more than is shown tells whether there is a next page.
    const found = await control.listAudit(caller, limit + 1, before === undefined ? null : Number(before));
    const page = found.slice(0, limit);
    return ok({ entries: page.map(entryWire), next: found.length > limit ? String(page.at(-1)?.seq) : null });
  },
});

function entryWire(entry: NumberedEntry) {
  const { seq, at, keyId, isSession, face, action, about, made, status, code, requestId, address } = entry;
  const via = isSession ? 'session' : 'key';
  return { id: String(seq), at, keyId, via, face, action, about, made, status, code, requestId, address };
}

export const auditOperations: readonly Operation[] = [listAudit];
