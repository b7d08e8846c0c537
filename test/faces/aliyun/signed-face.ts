/** The face with its real signature checks, keys and nonces in memory, the clock that clients sign by. */
import { createAliyunAuthenticator } from '../../../src/access/index.ts';
import type { AccessKey, Store } from '../../../src/domain/index.ts';
import { createFakeWorld, type FakeWorld, type ServedFace, serveFace } from '../../../src/faces/aliyun/testing.ts';
import { sampleAccount, sampleCluster } from '../../../src/faces/aliyun/testing-samples.ts';

export const secret = 'testsecret';

export interface SignedFace extends ServedFace {
  readonly world: FakeWorld;
  readonly keys: Map<string, AccessKey>;
  readonly nonces: Set<string>;
  /** Requests as they arrived: method, path and query. */
  readonly arrived: { readonly method: string; readonly path: string; readonly query: string; readonly body: string }[];
  /** How far the server's clock is ahead of the clients'. */
  aheadMs: number;
}

export async function serveSigned(burst = 1_000): Promise<SignedFace> {
  const world = createFakeWorld(sampleCluster());
  world.nowMs = Date.now();
  const key = {
    id: 'testid',
    secret,
    account: sampleAccount,
    policy: null,
    description: '',
    createdAt: world.now(),
    status: 'active',
  } as const;
  const keys = new Map<string, AccessKey>([[key.id, key]]);
  const nonces = new Set<string>();
  const store: Pick<Store, 'getKey' | 'rememberNonce'> = {
    getKey: async (id) => keys.get(id),
    rememberNonce: async (keyId, nonce) => {
      const size = nonces.size;
      return nonces.add(`${keyId} ${nonce}`).size > size;
    },
  };
  const arrived: SignedFace['arrived'] = [];
  const state = { world, keys, nonces, arrived, aheadMs: 0 };
  const now = () => new Date(Date.now() + state.aheadMs).toISOString();
  const authenticate = createAliyunAuthenticator({ store, now });
  const face = await serveFace(world, {
    now,
    throttle: { burst, perSecond: 1 },
    authenticate: (request) => {
      const { method, path, query, body } = request;
      arrived.push({ method, path, query, body: body.toString() });
      return authenticate(request);
    },
  });
  return Object.assign(state, face);
}
