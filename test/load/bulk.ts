import type { Documents } from './documents.ts';
import { bulkType } from './paths.ts';
import type { Transport } from './transport.ts';

export interface BulkOptions {
  readonly index: string;
  readonly count: number;
  /** Lowest version among the nodes. */
  readonly version: string;
  readonly batch?: number;
}

/** Fills an index through `_bulk` and remembers every document that was acknowledged. Throws when one was refused. */
export async function bulkLoad(transport: Transport, documents: Documents, options: BulkOptions): Promise<void> {
  const batch = options.batch ?? 500;
  for (let from = 0; from < options.count; from += batch) {
    const sources = range(from, Math.min(options.count, from + batch)).map((n) => ({
      id: `${options.index}-${n}`,
      source: JSON.stringify({ n, group: `g${n % 23}`, text: `${options.index} holds line ${n}`, size: (n * 7919) % 1000 }),
    }));
    await bulkWrite(transport, documents, options.index, options.version, sources);
  }
}

export async function bulkWrite(
  transport: Transport,
  documents: Documents,
  index: string,
  version: string,
  sources: readonly { readonly id: string; readonly source: string }[],
): Promise<void> {
  const lines = sources.map(
    ({ id, source }) => `${JSON.stringify({ index: { _index: index, ...bulkType(version), _id: id } })}\n${source}\n`,
  );
  const answer = await transport.ask('POST', '/_bulk', lines.join(''));
  if (answer.kind !== 'answer' || answer.status !== 200) throw new Error(`bulk into ${index}: ${answer.says}`);
  const body = answer.body as { errors?: boolean };
  if (body.errors !== false) throw new Error(`bulk into ${index} had errors: ${answer.says}`);
  for (const { id, source } of sources) documents.acknowledged(index, id, source);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
