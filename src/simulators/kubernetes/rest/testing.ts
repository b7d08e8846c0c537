/** For tests: one apiserver of a cluster in memory, and somebody who asks it. */
import { generateKeyPairSync } from 'node:crypto';
import { seededRandom } from '../../dice.ts';
import { tokenKeysOf } from '../processes/token-keys.ts';
import { advance, createApiserver, createWorld, setControllers, startKubelet } from '../world/index.ts';
import { type ApiResponse, answer } from './index.ts';

export type Answered = Extract<ApiResponse, { kind: 'answer' }> & { readonly body: Readonly<Record<string, unknown>> };

export const issuer = 'https://kubernetes.default.svc.cluster.local';
const administrator = { user: 'admin', groups: ['system:masters'] };

/** Two nodes, controllers that follow things up, and keys for tokens. */
export function startServer() {
  const random = seededRandom(7);
  let nowMs = 0;
  let wallMs = Date.parse('2026-01-01T00:00:00Z');
  const world = createWorld(wallMs, { nowMs, random });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const files = [{ path: 'conf/sa.key', text: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) }];
  const command = { flags: new Map([['service-account-issuer', issuer]]) };
  const keys = tokenKeysOf({ launch: { files }, command } as unknown as Parameters<typeof tokenKeysOf>[0], () => wallMs);
  const apiserver = createApiserver({ name: 'one', version: '1.36.3', startedMs: 0, keys });
  apiserver.ready = true;
  setControllers(world, { manager: true, scheduler: true });
  for (const name of ['blue-1', 'blue-2']) startKubelet(world, { name, version: '1.36.3' }, { nowMs, random });
  const ask = (
    method: string,
    path: string,
    body: unknown = '',
    { as = administrator, accept }: { readonly as?: typeof administrator; readonly accept?: string } = {},
  ) => {
    const [bare = '', query = ''] = path.split('?');
    const headers = { 'content-type': 'application/json', ...(accept === undefined ? {} : { accept }) };
    const request = {
      method,
      path: bare,
      query: new URLSearchParams(query),
      headers,
      body: body === '' ? '' : JSON.stringify(body),
    };
    return answer(world, apiserver, { ...request, ...as }, { nowMs, random }) as Answered;
  };
  /** Both in the cluster and for those who hold its tokens. */
  const pass = (ms: number) => {
    nowMs += ms;
    wallMs += ms;
    advance(world, { nowMs, random });
  };
  pass(1_000);
  return { world, apiserver, ask, pass };
}
