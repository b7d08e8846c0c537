import type { Cluster, EngineIo } from '../../../domain/index.ts';
import { askNode } from '../client/index.ts';
import { KnowsAMaster, reader } from './answers.ts';

/** A node that has not said within this time that it knows a master is asked last. */
const entryTimeoutMs = 1_000;
const readMaster = reader('the master', KnowsAMaster);

/**
 * The same cluster with a node in front that answers and knows a master, so that one which hangs or stands alone does
 * not use up the time of those who wait. Where no node says so the order stays.
 */
export async function withAnsweringNodeFirst(cluster: Cluster, io: EngineIo): Promise<Cluster> {
  const { nodes } = cluster.spec;
  if (nodes.length < 2) return cluster;
  const answers = nodes.map(async (node) => {
    const question = { method: 'GET', path: '/_cluster/state/master_node?local=true', timeoutMs: entryTimeoutMs } as const;
    const read = readMaster(await askNode(node.url, cluster, io, question));
    if (read.kind !== 'read') throw new Error(`${node.name} knows no master`);
    return node;
  });
  const first = await Promise.any(answers).catch(() => null);
  if (first === null) return cluster;
  return { ...cluster, spec: { ...cluster.spec, nodes: [first, ...nodes.filter((node) => node !== first)] } };
}
