import { bulkWrite } from './bulk.ts';
import { readAll } from './compare.ts';
import { Documents } from './documents.ts';
import { createIndex, type IndexShape } from './paths.ts';
import type { Transport } from './transport.ts';

const batch = 500;

/**
 * Makes an index anew where the version has no reindex: copied by scroll and bulk, then an alias of the old name put in its
 * place in one stroke. Writes must rest meanwhile. Gives back the name of the new index.
 */
export async function recreateIndex(transport: Transport, index: string, version: string, shape: IndexShape): Promise<string> {
  const made = `${index}-made-in-${version.replaceAll('.', '-')}`;
  const sources = [...(await readAll(transport, index))].map(([id, source]) => ({ id, source }));
  await createIndex(transport, made, shape);
  for (let from = 0; from < sources.length; from += batch)
    await bulkWrite(transport, new Documents(), made, version, sources.slice(from, from + batch));
  const answer = await transport.ask('POST', '/_aliases', {
    actions: [{ remove_index: { index } }, { add: { index: made, alias: index } }],
  });
  if (answer.kind !== 'answer' || answer.status !== 200) throw new Error(`alias ${index}: ${answer.says}`);
  return made;
}
