import { describe, expect, it } from 'vitest';
import type { EngineIo, HttpResponse } from '../../../domain/index.ts';
import { aWorld, nodeSpec, worldCluster } from '../decide/testing.ts';
import { findEntry } from './entry.ts';

const cluster = worldCluster(aWorld([nodeSpec('n1'), nodeSpec('n2'), nodeSpec('n3')]));
const hangs = () => new Promise<HttpResponse>(() => {});
const says = (status: number, body: unknown) => async () => ({ status, body: JSON.stringify(body) });
const refuses = async () => {
  throw new Error('connection refused');
};

/** Node names in the order in which they are asked, or why none is. */
async function orderWith(answers: Readonly<Record<string, () => Promise<HttpResponse>>>): Promise<readonly string[] | string> {
  const io: EngineIo = {
    http: ({ url }) => (answers[new URL(url).pathname.split('/')[1] ?? ''] ?? refuses)(),
    hosts: () => undefined,
    now: () => '',
    pause: () => Promise.resolve(),
  };
  const entry = await findEntry(cluster, io);
  return entry.kind === 'found' ? entry.cluster.spec.nodes.map((node) => node.name) : entry.because;
}

describe('the node that is asked first', () => {
  it('is one that answers, while another hangs', async () => {
    expect(await orderWith({ n1: hangs, n2: refuses, n3: says(200, { master_node: 'id' }) })).toEqual(['n3', 'n1', 'n2']);
  });

  it('is not one that stands alone without a master', async () => {
    const alone = says(200, { master_node: null });
    expect(await orderWith({ n1: alone, n2: says(200, { master_node: 'id' }), n3: hangs })).toEqual(['n2', 'n1', 'n3']);
  });

  it('is none where no node has a master, and each says why', async () => {
    const because = await orderWith({ n1: refuses, n2: says(503, { error: 'no master' }), n3: says(200, { master_node: null }) });
    expect(because).toContain('connection refused');
    expect(because).toContain('HTTP 503');
    expect(because).toContain('/n3 knows no master');
  });
});
