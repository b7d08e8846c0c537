import {
  addressInUrl,
  type ClusterSpec,
  type Draft,
  type DraftRequest,
  type ElasticsearchSpec,
  type EngineIo,
} from '../../domain/index.ts';

const nodesMax = 99;

/** What is wrong with a description before anything is asked of the cluster: each a sentence that names the key. */
export function troubles(spec: ElasticsearchSpec, isHost: (key: string) => boolean): readonly string[] {
  const { nodes } = spec;
  const names = nodes.map((node) => node.name);
  const hosts = [...new Set(nodes.map((node) => node.host))].filter((key) => !isHost(key));
  const urls = nodes.map((node) => node.url).filter((url) => url !== '');
  return [
    ...(nodes.length === 0 ? ['nodes: a cluster has at least one node.'] : []),
    ...(nodes.length > nodesMax ? [`nodes: at most ${nodesMax} are possible.`] : []),
    ...(new Set(names).size < names.length ? ['nodes: each node has a name of its own.'] : []),
    ...(new Set(urls).size < urls.length ? ['nodes: each node has a url of its own.'] : []),
    ...(nodes.length > 0 && !nodes.some((node) => node.roles.includes('master')) ? ['nodes: none has the role master.'] : []),
    ...(nodes.length > 0 && !nodes.some((node) => node.roles.includes('data')) ? ['nodes: none has the role data.'] : []),
    ...hosts.map((key) => `nodes: host ${key} is not configured on this server.`),
  ];
}

/** Gives a cluster that is to be made a folder for its snapshots, and its nodes the ports that they lack. */
export async function draft(request: DraftRequest, io: EngineIo): Promise<Draft> {
  const spec = elasticsearchOnly(request.spec);
  const because = spec.nodes
    .filter((node) => node.settingsFileOwner === 'owner')
    .map((node) => `nodes: ${node.name} is to be made: its settings file is ours (settingsFileOwner clusterlift).`);
  if (because.length > 0) return { kind: 'refused', because };
  const placed = { ...spec, repositoryPath: spec.repositoryPath ?? request.repositoryFolder };
  return { kind: 'drafted', spec: await withAddresses(placed, request.others, io), secrets: {} };
}

/** Ports for nodes that have none yet (0), none of which another cluster of ours has. */
async function withAddresses(spec: ElasticsearchSpec, others: readonly ClusterSpec[], io: EngineIo): Promise<ElasticsearchSpec> {
  const nodesOf = (other: ClusterSpec) => (other.kind === 'elasticsearch' ? other.nodes : []);
  const taken = new Set(others.flatMap((other) => nodesOf(other).flatMap((node) => [node.httpPort, node.transportPort])));
  const wanted = spec.nodes.filter((node) => node.httpPort === 0).length * 2;
  const free: number[] = [];
  for (const key of new Set(spec.nodes.map((node) => node.host))) {
    const host = io.hosts(key);
    // What is free now may be the port of a node of ours that is away: only then more are looked at than are taken.
    for (const more of [0, taken.size]) {
      const ports = (await host?.freePorts(wanted + more)) ?? [];
      const found = ports.filter((port) => !taken.has(port) && !free.includes(port)).slice(0, wanted);
      if (found.length < wanted && more < taken.size) continue;
      free.push(...found);
      break;
    }
  }
  const nodes = spec.nodes.map((node) => {
    if (node.httpPort !== 0) return node;
    const httpPort = free.shift() ?? 0;
    return { ...node, httpPort, transportPort: free.shift() ?? 0, url: `http://${addressInUrl(spec.bindAddress)}:${httpPort}` };
  });
  return { ...spec, nodes };
}

function elasticsearchOnly(spec: ClusterSpec): ElasticsearchSpec {
  if (spec.kind !== 'elasticsearch') throw new Error(`a cluster of kind ${spec.kind} is not Elasticsearch's`);
  return spec;
}
