import { type ApiError, type ErrorCode, errorTable, fail } from './errors.ts';

/** What an error looks like when it happens, for the document. */
const examples: Partial<Record<ErrorCode, ApiError>> = {
  'bad-input': fail('bad-input', 'nodes[0].url is missing.', { details: { key: 'nodes[0].url' } }),
  'not-found': fail('not-found', 'No cluster has the id es-cn-0123456789abcdef.'),
  'upgrade-unfinished': fail('upgrade-unfinished', 'The cluster has an upgrade that has not ended.', {
    remedy: 'Let it end, or cancel it.',
    details: { upgradeId: '8a1f6a8e-5d0c-4f7e-9a3b-2f1f0f5b7c11' },
  }),
  'plan-outdated': fail('plan-outdated', 'The members of the cluster, or what they run, have changed since the plan was made.', {
    remedy: 'Make a new plan, read it, and start that one.',
  }),
  'token-mismatch': fail('token-mismatch', 'This clientToken was used before with other parameters.', {
    remedy: 'Take a new token for a new request.',
    details: { key: 'clientToken' },
  }),
  'not-now': fail('not-now', 'The upgrade does not wait at a gate.', { details: { status: 'running' } }),
  refused: fail('refused', 'Node n3 is not in the cluster that answers; check its name (node.name) and its url.', {
    details: { because: ['Node n3 is not in the cluster that answers; check its name (node.name) and its url.'] },
  }),
  'no-route': fail('no-route', 'Version 6.9.9 is not in the catalog.', {
    details: { because: 'unknown-version', from: { version: '5.6.16', build: null } },
  }),
  obstacles: fail('obstacles', '1 finding holds the upgrade; nothing was started. There is no snapshot of the last hour.', {
    remedy: 'Clear what you can; to accept the rest, acknowledge es.snapshot-is-recent.',
    details: {
      planId: '0d9b5c52-7a3e-4d7c-8f53-9b6a1f1f3f10',
      acknowledge: ['es.snapshot-is-recent'],
      hazards: [],
      policy: [
        {
          check: 'es.snapshot-is-recent',
          hop: 0,
          kind: 'policy',
          subject: 'the cluster',
          says: 'There is no snapshot of the last hour.',
          evidence: [],
          remedy: 'Take a snapshot.',
        },
      ],
      couldNotRun: [],
    },
  }),
};

export function exampleOf(code: ErrorCode): ApiError {
  return examples[code] ?? fail(code, errorTable[code].when);
}
