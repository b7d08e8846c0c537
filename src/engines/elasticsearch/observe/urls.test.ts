import { describe, expect, it } from 'vitest';
import type { EngineIo } from '../../../domain/index.ts';
import { aWorld, nodeSpec, observe, worldCluster } from '../decide/testing.ts';
import { lookAtUrls, wrongUrls } from './urls.ts';

const world = aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')]);
const cluster = worldCluster(world);

/** Node ids of the small world are names. */
async function wrongWhen(answering: Readonly<Record<string, { id: string; name: string; cluster?: string }>>) {
  const io: EngineIo = {
    http: async ({ url }) => {
      const at = cluster.spec.nodes.find((node) => url.startsWith(node.url))?.name ?? '';
      const node = answering[at];
      if (node === undefined) throw new Error('nobody answers');
      const body = { cluster_name: node.cluster ?? 'test', nodes: { [node.id]: { name: node.name } } };
      return { status: 200, body: JSON.stringify(body) };
    },
    hosts: () => undefined,
    now: () => '2026-01-01T00:00:00.000Z',
    pause: () => Promise.resolve(),
  };
  const seen = observe(world).cluster;
  if (seen.kind !== 'seen') throw new Error('the world is seen');
  return wrongUrls(seen.seen, await lookAtUrls(cluster, io));
}

const n1 = { id: 'n1', name: 'n1' };
const n2 = { id: 'n2', name: 'n2' };

describe('the urls of members', () => {
  it('are right where each node answers at its own, and one that does not answer says nothing', async () => {
    expect(await wrongWhen({ n1, n2 })).toEqual([]);
  });

  it('that are swapped are wrong, both', async () => {
    expect(await wrongWhen({ n1: n2, n2: n1 })).toEqual([
      { name: 'n1', says: 'node n1: its url http://127.0.0.1/n1 is answered by node n2' },
      { name: 'n2', says: 'node n2: its url http://127.0.0.1/n2 is answered by node n1' },
    ]);
  });

  it('that a node of another cluster answers at are wrong, one of the same name too', async () => {
    expect(
      await wrongWhen({ n1, n2: { id: 'x', name: 'n2', cluster: 'other' }, n3: { id: 'y', name: 'z', cluster: 'other' } }),
    ).toEqual([
      { name: 'n2', says: 'node n2: its url http://127.0.0.1/n2 is answered by node n2 of the cluster other' },
      { name: 'n3', says: 'node n3: its url http://127.0.0.1/n3 is answered by node z of the cluster other' },
    ]);
  });
});
