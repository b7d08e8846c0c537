/** The face with its real signature checks, keys in memory, the clock that clients sign by. */
import { createAwsAuthenticator } from '../../../src/access/index.ts';
import type { AccessKey } from '../../../src/domain/index.ts';
import { type ServedSts, serveSts } from '../../../src/faces/sts/testing.ts';

export const sampleKey: AccessKey = {
  id: 'AKIDEXAMPLE00000',
  secret: 'a-secret-of-thirty-characters-0',
  account: '123456789012',
  description: '',
  policy: null,
  status: 'active',
  createdAt: '2026-01-01T00:00:00.000Z',
};

export interface SignedSts extends ServedSts {
  /** How far the server's clock is ahead of the clients'. */
  aheadMs: number;
  readonly keys: Map<string, AccessKey>;
}

export async function serveSignedSts(): Promise<SignedSts> {
  const state = { aheadMs: 0, keys: new Map([[sampleKey.id, sampleKey]]) };
  const now = () => new Date(Date.now() + state.aheadMs).toISOString();
  const aws = createAwsAuthenticator({ store: { getKey: async (id) => state.keys.get(id) }, now, region: null });
  return Object.assign(state, await serveSts({ authenticate: aws.request, now }));
}
