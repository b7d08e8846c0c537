import { Type } from 'typebox';
import type { ElasticsearchCluster, EngineIo, SeenElasticsearch } from '../../../domain/index.ts';
import { askNode } from '../client/index.ts';
import { reader } from './answers.ts';

const urlTimeoutMs = 1_500;
const Local = Type.Object({
  cluster_name: Type.String(),
  nodes: Type.Record(Type.String(), Type.Object({ name: Type.String() })),
});
const readLocal = reader('the node itself', Local);

/** Who answers at the url of a member. */
export interface AnsweringNode {
  readonly member: string;
  readonly url: string;
  readonly nodeId: string;
  readonly name: string;
  readonly clusterName: string;
}

/** Asks at each url for the node itself. One that does not say who it is, is not in the list. */
export async function lookAtUrls(cluster: ElasticsearchCluster, io: EngineIo): Promise<readonly AnsweringNode[]> {
  const asked = cluster.spec.nodes.map(async ({ name: member, url }) => {
    const read = readLocal(
      await askNode(url, cluster, io, { method: 'GET', path: '/_nodes/_local/process', timeoutMs: urlTimeoutMs }),
    );
    if (read.kind !== 'read') return [];
    const [found, ...others] = Object.entries(read.value.nodes);
    if (found === undefined || others.length > 0) return [];
    return [{ member, url, nodeId: found[0], name: found[1].name, clusterName: read.value.cluster_name }];
  });
  return (await Promise.all(asked)).flat();
}

/** Members whose url is answered by another node: what is declared of such a member is not of the node of its name. */
export function wrongUrls(
  seen: SeenElasticsearch,
  answering: readonly AnsweringNode[],
): readonly { readonly name: string; readonly says: string }[] {
  return answering.flatMap(({ member, url, nodeId, name, clusterName }) => {
    const believed = seen.nodes.find((node) => node.name === member);
    // One that is not in the cluster and answers for itself is away, no more.
    if (believed === undefined ? name === member : believed.nodeId === nodeId) return [];
    const elsewhere =
      name === member || !seen.nodes.some((node) => node.nodeId === nodeId) ? ` of the cluster ${clusterName}` : '';
    return [{ name: member, says: `node ${member}: its url ${url} is answered by node ${name}${elsewhere}` }];
  });
}
