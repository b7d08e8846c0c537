import { bulkLoad, createIndex, type Documents, Transport } from '../test/load/index.ts';

/** The same data for both sides: three indices of three shards with one replica. */
export const benchIndices = ['bench-a', 'bench-b', 'bench-c'];
const documentsEach = 4_000;

export async function fillCluster(urls: readonly string[], version: string, documents: Documents): Promise<void> {
  const transport = new Transport({ nodes: urls });
  try {
    for (const index of benchIndices) {
      await createIndex(transport, index, { shards: 3, replicas: 1 });
      await bulkLoad(transport, documents, { index, count: documentsEach, version });
    }
    const answer = await transport.ask(
      'GET',
      '/_cluster/health?wait_for_status=green&wait_for_no_initializing_shards=true&timeout=25s',
    );
    if (answer.kind !== 'answer' || answer.status !== 200) throw new Error(`the cluster did not settle: ${answer.says}`);
  } finally {
    await transport.close();
  }
}
