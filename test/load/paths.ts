import type { Transport } from './transport.ts';

/** The one mapping type of indices made before version 7. */
const mappingType = 'doc';

/**
 * Where a document lives. Before 7 an index has a named type; 7 still understands such paths while older nodes are
 * about, so the version given is the lowest among the nodes.
 */
export function documentPath(index: string, id: string, lowestVersion: string): string {
  return `/${index}/${typeSegment(lowestVersion)}/${encodeURIComponent(id)}`;
}

/** The `_type` member of a bulk action line: demanded before 7, refused from 8 on. */
export function bulkType(lowestVersion: string): { readonly _type?: string } {
  return hasTypes(lowestVersion) ? { _type: mappingType } : {};
}

function typeSegment(lowestVersion: string): string {
  return hasTypes(lowestVersion) ? mappingType : '_doc';
}

function hasTypes(lowestVersion: string): boolean {
  return Number.parseInt(lowestVersion, 10) < 7;
}

export interface IndexShape {
  readonly shards: number;
  readonly replicas: number;
}

/** Makes an index with nothing but settings that every version knows; the mapping comes from the documents. */
export async function createIndex(transport: Transport, index: string, shape: IndexShape): Promise<void> {
  const answer = await transport.ask('PUT', `/${index}`, {
    settings: { number_of_shards: shape.shards, number_of_replicas: shape.replicas },
  });
  if (answer.kind !== 'answer' || answer.status >= 300) throw new Error(`index ${index} was not made: ${answer.says}`);
}
