import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { bulkLoad } from './bulk.ts';
import { compareDocuments } from './compare.ts';
import { Documents } from './documents.ts';
import { figuresOf, percentile } from './figures.ts';
import { LoadClient } from './load-client.ts';
import { documentPath } from './paths.ts';
import { Transport } from './transport.ts';

type Behaviour = 'serve' | 'drop' | 'busy' | 'broken' | 'half' | 'silent';

/** Fake nodes that share one set of documents, each with a way to misbehave. */
class FakeNodes {
  readonly documents = new Map<string, unknown>();
  readonly behaviours: Behaviour[] = [];
  readonly asked: string[] = [];
  readonly #servers: Server[] = [];

  async open(behaviours: readonly Behaviour[]): Promise<readonly string[]> {
    this.behaviours.push(...behaviours);
    return Promise.all(behaviours.map((_, i) => this.#listen(i)));
  }

  close(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  async #listen(i: number): Promise<string> {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      this.asked.push(`${i} ${request.method} ${request.url}`);
      const behaviour = this.behaviours[i];
      if (behaviour === 'drop') return request.socket.destroy();
      if (behaviour === 'silent') return;
      const [status, body] = this.#answer(behaviour, request.method ?? '', request.url ?? '', Buffer.concat(chunks).toString());
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  #answer(behaviour: Behaviour | undefined, method: string, url: string, text: string): [number, unknown] {
    if (behaviour === 'busy') return [503, { error: 'busy' }];
    if (behaviour === 'broken') return [500, { error: 'broken' }];
    const shards = { _shards: { total: 2, failed: behaviour === 'half' ? 1 : 0 } };
    if (url === '/_bulk') return [200, this.#bulk(text)];
    if (url === '/_search/scroll') return [200, { ...shards, hits: { hits: [] } }];
    if (url.includes('scroll=')) {
      return [
        200,
        { ...shards, _scroll_id: 's', hits: { hits: [...this.documents].map(([_id, _source]) => ({ _id, _source })) } },
      ];
    }
    if (url.endsWith('_search')) return [200, { ...shards, hits: { hits: [] } }];
    if (url.endsWith('_refresh')) return [200, shards];
    const id = url.slice(url.lastIndexOf('/') + 1);
    if (method === 'GET') return this.documents.has(id) ? [200, { _source: this.documents.get(id) }] : [404, { found: false }];
    this.documents.set(id, JSON.parse(text));
    return [201, shards];
  }

  #bulk(text: string): unknown {
    const lines = text.trimEnd().split('\n');
    for (let i = 0; i < lines.length; i += 2) {
      const action = JSON.parse(lines[i] ?? '{}') as { index: { _id: string } };
      this.documents.set(action.index._id, JSON.parse(lines[i + 1] ?? 'null'));
    }
    return { errors: false };
  }
}

const nodes: FakeNodes[] = [];
const closings: (() => Promise<void>)[] = [];

async function fake(...behaviours: readonly Behaviour[]): Promise<{ nodes: FakeNodes; urls: readonly string[] }> {
  const made = new FakeNodes();
  nodes.push(made);
  return { nodes: made, urls: await made.open(behaviours) };
}

function transportTo(urls: readonly string[], deadlineMs = 5_000): Transport {
  const transport = new Transport({ nodes: urls, deadlineMs });
  closings.push(() => transport.close());
  return transport;
}

function loadOn(urls: readonly string[], perSecond = 400): LoadClient {
  const client = new LoadClient({ nodes: urls, index: 'load', version: '5.5.3', perSecond, deadlineMs: 5_000 });
  closings.push(() => client.close());
  return client;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not become so within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

afterEach(async () => {
  await Promise.all(closings.splice(0).map((close) => close()));
  for (const fake of nodes.splice(0)) fake.close();
});

describe('a request', () => {
  it('goes to the next node when a connection breaks', async () => {
    const { urls } = await fake('drop', 'serve');
    const answer = await transportTo(urls).ask('POST', '/load/_search', {});
    expect(answer).toMatchObject({ kind: 'answer', status: 200, retries: 1 });
  });

  it('goes to the next node on 503 and keeps to at most three retries', async () => {
    const { nodes, urls } = await fake('busy', 'busy');
    const answer = await transportTo(urls).ask('POST', '/load/_search', {});
    expect(answer).toMatchObject({ kind: 'answer', status: 503, retries: 3 });
    expect(nodes.asked).toHaveLength(4);
  });

  it('is not repeated on 500', async () => {
    const { nodes, urls } = await fake('broken', 'serve');
    expect(await transportTo(urls).ask('POST', '/load/_search', {})).toMatchObject({ status: 500, retries: 0 });
    expect(nodes.asked).toHaveLength(1);
  });

  it('ends at its deadline when a node says nothing', async () => {
    const { urls } = await fake('silent');
    const answer = await transportTo(urls, 150).ask('GET', '/load/doc/1');
    expect(answer.kind).toBe('no-answer');
    expect(answer.says).toContain('deadline of 150 ms');
  });

  it('asks a node that could not be reached last for a while', async () => {
    const { nodes, urls } = await fake('drop', 'serve');
    const transport = transportTo(urls);
    for (let i = 0; i < 6; i += 1) await transport.ask('POST', '/load/_search', {});
    expect(nodes.asked.filter((line) => line.startsWith('0'))).toHaveLength(1);
  });
});

describe('the load client', () => {
  it('writes half and reads half, and finds everything again', async () => {
    const { urls } = await fake('serve', 'serve', 'serve');
    const client = loadOn(urls);
    client.start();
    await until(() => client.figures().requests >= 80);
    await client.stop();
    const figures = client.figures();
    expect(figures.failures).toEqual([]);
    expect(Math.abs(figures.writes - figures.reads)).toBeLessThanOrEqual(1);
    const comparison = await compareDocuments(client.transport, client.documents);
    expect(comparison).toMatchObject({ written: figures.writes, found: figures.writes, lost: [], differing: [], strangers: [] });
  });

  it('retries through a node that goes away and comes back, and fails nothing', async () => {
    const { nodes, urls } = await fake('serve', 'serve', 'serve');
    const client = loadOn(urls);
    client.start();
    await until(() => client.figures().requests >= 30);
    nodes.behaviours[1] = 'drop';
    await until(() => client.figures().retried >= 1);
    nodes.behaviours[1] = 'serve';
    await client.stop();
    expect(client.figures()).toMatchObject({ failed: 0 });
  });

  it('counts an answer with failed shards as failed and does not count the write as acknowledged', async () => {
    const { urls } = await fake('half');
    const client = loadOn(urls);
    client.start();
    await until(() => client.figures().failed >= 4);
    await client.stop();
    expect(client.documents.count).toBe(0);
    expect(client.figures().failures[0]).toContain('failed shards');
  });

  it('starts operations when they are due although none is answered', async () => {
    const { nodes, urls } = await fake('silent');
    const client = new LoadClient({ nodes: urls, index: 'load', version: '7.17.29', perSecond: 200, deadlineMs: 400 });
    closings.push(() => client.close());
    client.start();
    await until(() => nodes.asked.length >= 20);
    expect(client.figures().requests).toBeLessThan(20);
    await client.stop();
    expect(client.figures().failed).toBe(client.figures().requests);
    expect(client.figures().longestGapMs).toBeGreaterThan(50);
  });
});

describe('comparing', () => {
  it('names what is lost, what differs and what nobody wrote', async () => {
    const { nodes, urls } = await fake('serve');
    const transport = transportTo(urls);
    const documents = new Documents();
    await bulkLoad(transport, documents, { index: 'a', count: 10, version: '5.5.3' });
    nodes.documents.delete('a-3');
    nodes.documents.set('a-4', { n: 'other' });
    nodes.documents.set('zz', {});
    expect(await compareDocuments(transport, documents)).toEqual({
      written: 10,
      found: 9,
      lost: ['a/a-3'],
      differing: ['a/a-4'],
      strangers: ['a/zz'],
    });
  });

  it('lets a write without an answer be there or not', async () => {
    const { nodes, urls } = await fake('serve');
    const documents = new Documents();
    documents.doubtful('a', 'x', '{}');
    documents.doubtful('a', 'y', '{}');
    nodes.documents.set('x', {});
    expect(await compareDocuments(transportTo(urls), documents)).toMatchObject({ written: 0, lost: [], strangers: [] });
  });

  it('refuses to compare over half of the shards', async () => {
    const { urls } = await fake('half');
    const documents = new Documents();
    documents.acknowledged('a', 'x', '{}');
    await expect(compareDocuments(transportTo(urls), documents)).rejects.toThrow('not whole');
  });
});

describe('figures', () => {
  const sample = (dueAt: number, endedAt: number, failure: string | null = null) =>
    ({ kind: 'write', dueAt, endedAt, retries: 0, failure, fewerCopies: false }) as const;

  it('take the longest gap between successes, with the ends of the run', () => {
    const samples = [sample(0, 10), sample(20, 30), sample(40, 140, 'x'), sample(400, 410)];
    expect(figuresOf(samples, [{ from: 0, to: 500 }]).longestGapMs).toBe(380);
  });

  it('leave out what ended outside the stretch', () => {
    expect(figuresOf([sample(0, 10), sample(0, 900)], [{ from: 500, to: 1000 }]).requests).toBe(1);
  });

  it('take percentiles by nearest rank', () => {
    expect(percentile([1, 2, 3, 4], 50)).toBe(2);
    expect(percentile([1, 2, 3, 4], 99)).toBe(4);
    expect(percentile([], 99)).toBe(0);
  });
});

it('addresses documents with a type before 7 and without from 7 on', () => {
  expect(documentPath('load', 'a/b', '6.8.23')).toBe('/load/doc/a%2Fb');
  expect(documentPath('load', 'a', '7.17.29')).toBe('/load/_doc/a');
});
