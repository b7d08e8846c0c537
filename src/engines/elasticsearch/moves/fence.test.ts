import { expect, it } from 'vitest';
import type { ActContext, EngineIo, Host, SeenElasticsearch } from '../../../domain/index.ts';
import { moves } from './index.ts';

/** Two hosts; the second one has seen generation 4. What was asked of the cluster. */
function given() {
  const asked: string[] = [];
  const host = (generation: number): Pick<Host, 'generationOf'> => ({ generationOf: async () => generation });
  const hosts: Readonly<Record<string, unknown>> = { one: host(2), two: host(4) };
  const io = {
    http: async ({ method, url }) => {
      asked.push(`${method} ${new URL(url).pathname}`);
      return { status: 200, body: '{"acknowledged":true,"persistent":{},"transient":{},"_shards":{"failed":0}}' };
    },
    hosts: (key) => hosts[key] as Host | undefined,
    now: () => '2026-01-01T00:00:00.000Z',
    pause: async () => undefined,
  } as EngineIo;
  const perform = (move: string, generation: number) => {
    const nodes = ['one', 'two'].map((key) => ({ name: `node-${key}`, host: key, url: `http://${key}.example:9200` }));
    const cluster = { id: 'es-1', spec: { kind: 'elasticsearch', nodes, username: null }, secrets: {} };
    const context = { cluster, ticket: { clusterId: 'es-1', generation }, plan: null, ledger: { hop: 0 } };
    const act = { do: 'act', move, on: [], parameters: {}, why: '' } as const;
    return moves[move]?.(act, context as unknown as ActContext<SeenElasticsearch>, io);
  };
  return { asked, perform };
}

it.each(['freeze', 'thaw', 'retry-failed'])('%s asks nothing of the cluster once a newer generation has acted', async (move) => {
  const { asked, perform } = given();
  expect(await perform(move, 3)).toEqual({
    kind: 'refused',
    because: 'older-generation',
    says: 'Nothing is done for generation 3: generation 4 has come since.',
  });
  expect(asked).toEqual([]);
  expect(await perform(move, 4)).toMatchObject({ kind: 'done' });
  expect(asked.length).toBeGreaterThan(0);
});
