import type { Documents } from './documents.ts';
import type { Transport } from './transport.ts';

export interface Comparison {
  readonly written: number;
  readonly found: number;
  /** `index/id` of documents that were acknowledged and are not there. */
  readonly lost: readonly string[];
  /** Those whose source is not what was acknowledged. */
  readonly differing: readonly string[];
  /** Those that nobody wrote. */
  readonly strangers: readonly string[];
}

const pageSize = 1000;

/**
 * Reads every document of the indices back by scrolling, which asks every shard, and compares ids and sources with what
 * was acknowledged. What was sent and never acknowledged may be there or not. Throws when a read is not whole: a
 * comparison over half of the shards would prove nothing.
 */
export async function compareDocuments(transport: Transport, documents: Documents): Promise<Comparison> {
  const lost: string[] = [];
  const differing: string[] = [];
  const strangers: string[] = [];
  for (const index of documents.indices()) {
    const there = await readAll(transport, index);
    const written = documents.of(index);
    const doubtful = documents.doubtfulOf(index);
    for (const [id, source] of written) {
      const found = there.get(id);
      if (found === undefined) lost.push(`${index}/${id}`);
      else if (found !== source) differing.push(`${index}/${id}`);
    }
    for (const id of there.keys()) {
      if (!written.has(id) && !doubtful.has(id)) strangers.push(`${index}/${id}`);
    }
  }
  return { written: documents.count, found: documents.count - lost.length, lost, differing, strangers };
}

interface Page {
  readonly _scroll_id?: string;
  readonly _shards?: { readonly failed?: number };
  readonly timed_out?: boolean;
  readonly hits?: { readonly hits?: readonly { readonly _id: string; readonly _source: unknown }[] };
}

/** Every document of an index: id -> source as JSON text. */
export async function readAll(transport: Transport, index: string): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  await whole(transport, 'POST', `/${index}/_refresh`);
  let page = await whole(transport, 'POST', `/${index}/_search?scroll=2m`, { size: pageSize, sort: ['_doc'] });
  while ((page.hits?.hits ?? []).length > 0) {
    for (const hit of page.hits?.hits ?? []) all.set(hit._id, JSON.stringify(hit._source));
    page = await whole(transport, 'POST', '/_search/scroll', { scroll: '2m', scroll_id: page._scroll_id });
  }
  if (page._scroll_id !== undefined) await transport.ask('DELETE', '/_search/scroll', { scroll_id: [page._scroll_id] });
  return all;
}

async function whole(transport: Transport, method: 'POST', path: string, body?: unknown): Promise<Page> {
  const answer = await transport.ask(method, path, body);
  if (answer.kind !== 'answer' || answer.status !== 200) throw new Error(`reading back: ${answer.says}`);
  const page = answer.body as Page;
  if ((page._shards?.failed ?? 0) > 0 || page.timed_out === true) throw new Error(`reading back was not whole: ${answer.says}`);
  return page;
}
