import { describe, expect, it } from 'vitest';
import type { EngineIo, HttpResponse } from '../../../domain/index.ts';
import { aWorld, nodeSpec, worldCluster } from '../decide/testing.ts';
import { withAnsweringNodeFirst } from './entry.ts';

const cluster = worldCluster(aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')]));
const hangs = () => new Promise<HttpResponse>(() => {});
const says = (status: number, body: unknown) => async () => ({ status, body: JSON.stringify(body) });
const refuses = async () => {
  throw new Error('connection refused');
};

async function orderWith(answers: Readonly<Record<string, () => Promise<HttpResponse>>>): Promise<readonly string[]> {
  const io: EngineIo = {
    http: ({ url }) => (answers[new URL(url).pathname.split('/')[1] ?? ''] ?? refuses)(),
    hosts: () => undefined,
    now: () => '',
    pause: () => Promise.resolve(),
  };
  return (await withAnsweringNodeFirst(cluster, io)).spec.nodes.map((node) => node.name);
}

describe('the node that is asked first', () => {
  it('is one that answers, while another hangs', async () => {
    expect(await orderWith({ n1: hangs, n2: refuses, n3: says(200, { master_node: 'id' }) })).toEqual(['n3', 'n1', 'n2']);
  });

  it('is not one that stands alone without a master', async () => {
    const alone = says(200, { master_node: null });
    expect(await orderWith({ n1: alone, n2: says(200, { master_node: 'id' }), n3: hangs })).toEqual(['n2', 'n1', 'n3']);
  });

  it('is the first declared where no node knows a master', async () => {
    expect(await orderWith({ n1: refuses, n2: says(400, {}), n3: says(200, { master_node: null }) })).toEqual(['n1', 'n2', 'n3']);
  });
});
