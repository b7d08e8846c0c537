import type { ElasticsearchCluster, EngineIo } from '../../../domain/index.ts';
import { askNode, trouble } from '../client/index.ts';
import { KnowsAMaster, reader } from './answers.ts';

/** Who waits for a plan is told within this time that nobody answers for the cluster. */
const entryTimeoutMs = 1_500;
const readMaster = reader('the master', KnowsAMaster);

export type Entry =
  /** The same cluster with a node in front through which the master answers. */
  { readonly kind: 'found'; readonly cluster: ElasticsearchCluster } | { readonly kind: 'unreachable'; readonly because: string };

/**
 * Asks every node at once the least that only the master can answer, and takes the first that has the answer: a node that
 * hangs or stands alone does not use up the time of those who wait, nor does a master that hangs behind all of them.
 */
export async function findEntry(cluster: ElasticsearchCluster, io: EngineIo): Promise<Entry> {
  const { nodes } = cluster.spec;
  const reasons: string[] = [];
  const answers = nodes.map(async (node) => {
    const question = { method: 'GET', path: '/_cluster/state/master_node', timeoutMs: entryTimeoutMs } as const;
    const read = readMaster(await askNode(node.url, cluster, io, question));
    if (read.kind === 'read') return node;
    reasons.push(read.kind === 'unfit' ? `${node.url} knows no master` : trouble(read.answer));
    throw new Error(`no entry by ${node.name}`);
  });
  const first = await Promise.any(answers).catch(() => null);
  if (first === null) return { kind: 'unreachable', because: reasons.join('; ') || 'the cluster has no nodes' };
  const ordered = [first, ...nodes.filter((node) => node !== first)];
  return { kind: 'found', cluster: { ...cluster, spec: { ...cluster.spec, nodes: ordered } } };
}
