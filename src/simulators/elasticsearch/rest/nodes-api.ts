import { majorOf } from '../../../domain/index.ts';
import { isAtLeast, masterOf, membersOf, nest, type SimProcess } from '../world/index.ts';
import { type Answer, absent, type Call, flag, type Handler, ok, type Site } from './answer.ts';
import { attributesOf } from './state-api.ts';

const infoMetrics = [
  'settings',
  'os',
  'process',
  'jvm',
  'thread_pool',
  'transport',
  'http',
  'plugins',
  'modules',
  'ingest',
  'indices',
  'aggregations',
  '_all',
];
const statsMetrics = [
  'indices',
  'os',
  'process',
  'jvm',
  'thread_pool',
  'fs',
  'transport',
  'http',
  'breaker',
  'script',
  'discovery',
  'ingest',
  '_all',
];
const diskTotalBytes = 100 * 1024 ** 3;
const heapMaxBytes = 256 * 1024 ** 2;

/** `GET /`. The distributions of 8 and 9 that are published as test zips lack it; the simulated ones have it. */
export const root: Handler = (call, { node, cluster }): Answer => {
  const { version } = node.release;
  if (call.method === 'HEAD') return ok('');
  return ok({
    name: node.name,
    cluster_name: cluster.name,
    cluster_uuid: cluster.uuid,
    version: {
      number: version,
      ...(isAtLeast(version, '6.3.0') ? { build_flavor: majorOf(version) >= 7 ? 'default' : 'oss', build_type: 'zip' } : {}),
      build_hash: 'simulated',
      ...(isAtLeast(version, '7.0.0') ? { build_date: '2020-01-01T00:00:00.000Z' } : { build_date: '2019-01-01T00:00:00.000Z' }),
      build_snapshot: false,
      lucene_version: 'simulated',
    },
    tagline: 'You Know, for Search (simulated by Clusterlift)',
  });
};

/** Of the distributions of this kind those of 7.16 and 7.17 alone have it. */
export const systemFeatures: Handler = (call, { node }) => {
  const { version } = node.release;
  return isAtLeast(version, '7.16.0') && majorOf(version) === 7
    ? ok({ features: [], migration_status: 'NO_MIGRATION_NEEDED' })
    : absent(call, version);
};

/** `_nodes`, `_nodes/{filter}`, `_nodes/{metrics}`, `_nodes/{filter}/{metrics}`. */
export const nodesInfo: Handler = (call, site) => {
  const { nodes, metrics } = chosen(call, site, call.path.slice(1), infoMetrics);
  const asked = (metric: string) => metrics.length === 0 || metrics.includes('_all') || metrics.includes(metric);
  return ok(whole(site, nodes, (node) => nodeInfo(node, site.node, asked, flag(call, 'flat_settings'))));
};

export const nodesStats: Handler = (call, site) => {
  const words = call.path.filter((word) => word !== '_nodes' && word !== 'stats');
  const { nodes, metrics } = chosen(call, site, words, statsMetrics);
  const asked = (metric: string) => metrics.length === 0 || metrics.includes('_all') || metrics.includes(metric);
  return ok(whole(site, nodes, (node) => nodeStats(site, node, asked)));
};

function whole(site: Site, nodes: readonly SimProcess[], show: (node: SimProcess) => unknown) {
  return {
    _nodes: { total: nodes.length, successful: nodes.length, failed: 0 },
    cluster_name: site.cluster.name,
    nodes: Object.fromEntries(nodes.map((node) => [node.nodeId, show(node)])),
  };
}

/** A first word that is no metric is a filter over the nodes: this is why `_nodes/shutdown` answers 200 with none. */
function chosen(call: Call, site: Site, words: readonly string[], known: readonly string[]) {
  const isMetrics = (word: string | undefined) => word?.split(',').every((part) => known.includes(part)) ?? false;
  const [first, second] = words;
  const filter = isMetrics(first) ? undefined : first;
  const metrics = (isMetrics(first) ? first : second)?.split(',') ?? [];
  const all = membersOf(site.world, site.cluster);
  const members = all.includes(site.node) ? all : [...all, site.node];
  const nodes =
    filter === undefined ? members : members.filter((node) => filter.split(',').some((part) => isMeant(part, node, site)));
  return { nodes, metrics, call };
}

function isMeant(part: string, node: SimProcess, site: Site): boolean {
  if (part === '_all' || part === '*') return true;
  if (part === '_local') return node === site.node;
  if (part === '_master') return node === masterOf(site.world, site.cluster);
  const [role, wanted] = part.split(':');
  if (wanted !== undefined && role !== undefined) {
    if (role === 'master' || role === 'data' || role === 'ingest') return node.roles.includes(role) === (wanted === 'true');
    return attributesOf(node)[role] === wanted;
  }
  const pattern = new RegExp(
    `^${part
      .split('*')
      .map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
  return node.nodeId === part || pattern.test(node.name) || part === '127.0.0.1';
}

const lists = [
  'node.roles',
  'path.repo',
  'discovery.seed_hosts',
  'discovery.zen.ping.unicast.hosts',
  'cluster.initial_master_nodes',
];

function withLists(settings: Readonly<Record<string, string>>): Readonly<Record<string, string | readonly string[]>> {
  const entries = Object.entries(settings).map(
    ([name, value]) => [name, lists.includes(name) ? value.split(',') : value] as const,
  );
  return Object.fromEntries(entries);
}

/** Only nodes of 6.3 and later know of flavors, and take those of older nodes for the plainest. */
function flavorOf(version: string, teller: string) {
  return isAtLeast(teller, '6.3.0') ? { build_flavor: majorOf(version) >= 7 ? 'default' : 'oss', build_type: 'zip' } : {};
}

function nodeInfo(node: SimProcess, teller: SimProcess, asked: (metric: string) => boolean, flat: boolean) {
  const { version } = node.release;
  const settings = { ...node.settings, 'node.attr.simulated': 'true' };
  return {
    name: node.name,
    transport_address: `127.0.0.1:${node.transportPort}`,
    host: '127.0.0.1',
    ip: '127.0.0.1',
    version,
    ...flavorOf(version, teller.release.version),
    build_hash: 'simulated',
    roles: node.roles,
    attributes: attributesOf(node),
    ...(asked('settings') ? { settings: flat ? settings : nest(withLists(settings)) } : {}),
    ...(asked('os') ? { os: { name: 'Linux', arch: 'amd64', available_processors: 2, allocated_processors: 2 } } : {}),
    ...(asked('process') ? { process: { refresh_interval_in_millis: 1000, id: node.pid, mlockall: false } } : {}),
    ...(asked('jvm')
      ? {
          jvm: {
            pid: node.pid,
            version: '17.0.15',
            vm_name: 'simulated',
            start_time_in_millis: 0,
            mem: { heap_init_in_bytes: heapMaxBytes, heap_max_in_bytes: heapMaxBytes },
            input_arguments: node.jvmArguments,
          },
        }
      : {}),
    ...(asked('transport')
      ? { transport: { bound_address: [`127.0.0.1:${node.transportPort}`], publish_address: `127.0.0.1:${node.transportPort}` } }
      : {}),
    ...(asked('http')
      ? {
          http: {
            bound_address: [`127.0.0.1:${node.httpPort}`],
            publish_address: `127.0.0.1:${node.httpPort}`,
            max_content_length_in_bytes: 104857600,
          },
        }
      : {}),
    ...(asked('plugins') ? { plugins: node.plugins.map((name) => ({ name, version, description: 'simulated' })) } : {}),
    ...(asked('modules') || asked('plugins')
      ? { modules: [{ name: 'transport-netty4', version, description: 'simulated' }] }
      : {}),
  };
}

function nodeStats(site: Site, node: SimProcess, asked: (metric: string) => boolean) {
  const used = site.world.folders.get(node.folder)?.diskUsedPercent ?? 0;
  const free = Math.round((diskTotalBytes * (100 - used)) / 100);
  const size = { total_in_bytes: diskTotalBytes, free_in_bytes: free, available_in_bytes: free };
  return {
    timestamp: site.nowWallMs(),
    name: node.name,
    transport_address: `127.0.0.1:${node.transportPort}`,
    host: '127.0.0.1',
    ip: `127.0.0.1:${node.transportPort}`,
    roles: node.roles,
    attributes: attributesOf(node),
    ...(asked('process')
      ? { process: { timestamp: site.nowWallMs(), open_file_descriptors: 300, max_file_descriptors: 65536 } }
      : {}),
    ...(asked('jvm')
      ? {
          jvm: {
            uptime_in_millis: Math.round(site.world.nowMs - node.launchedAtMs),
            mem: {
              heap_used_in_bytes: Math.round(heapMaxBytes * 0.4),
              heap_used_percent: 40,
              heap_max_in_bytes: heapMaxBytes,
              pools: {
                old: {
                  used_in_bytes: Math.round(heapMaxBytes * 0.3),
                  max_in_bytes: heapMaxBytes,
                  peak_used_in_bytes: heapMaxBytes / 2,
                  peak_max_in_bytes: heapMaxBytes,
                },
              },
            },
          },
        }
      : {}),
    ...(asked('fs')
      ? {
          fs: {
            timestamp: site.nowWallMs(),
            total: size,
            data: [{ path: node.folder, mount: 'simulated', type: 'simulated', ...size }],
          },
        }
      : {}),
  };
}
