/** A real cluster of real nodes on this machine, made with the process host without a server: for tests of the engine alone. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type {
  ElasticsearchCluster,
  ElasticsearchNodeSpec,
  ElasticsearchRole,
  EngineIo,
  Host,
  Release,
} from '../../src/domain/index.ts';
import { artefacts, launch, observe } from '../../src/engines/elasticsearch/index.ts';
import { createProcessHost } from '../../src/hosts/process/index.ts';
import { cacheDir, theCatalog } from './releases.ts';
import { eventually } from './waiting.ts';

export { theCatalog } from './releases.ts';

const startTimeoutMs = 180_000;

export interface RealCluster {
  readonly cluster: ElasticsearchCluster;
  readonly host: Host;
  readonly io: EngineIo;
  readonly stateDir: string;
  readonly urls: readonly string[];
  close(): Promise<void>;
}

export interface ClusterChange {
  readonly size?: number;
  readonly build?: string;
  readonly spec?: Partial<ElasticsearchCluster['spec']>;
  /** By the position of the node; all roles where nothing is said. */
  readonly roles?: (position: number) => readonly ElasticsearchRole[];
  /** A host that stands in for this machine. */
  readonly host?: Host;
}

/** Starts `size` nodes at a release and waits until all have joined. */
export async function startRealCluster(version: string, change: ClusterChange = {}): Promise<RealCluster> {
  const stateDir = mkdtempSync(join(tmpdir(), 'clusterlift-real-'));
  // Members run unprivileged where we are root, and must get through to their folders.
  chmodSync(stateDir, 0o755);
  const host = change.host ?? createProcessHost({ stateDir, cacheDir: cacheDir(), javaHomes: [], nowMs: Date.now });
  const size = change.size ?? 3;
  const ports = await host.freePorts(size * 2);
  const nodes = Array.from({ length: size }, (_, index): ElasticsearchNodeSpec => {
    const httpPort = ports[index * 2] ?? 0;
    return {
      name: `n${index + 1}`,
      host: 'local',
      url: `http://127.0.0.1:${httpPort}`,
      httpPort,
      transportPort: ports[index * 2 + 1] ?? 0,
      zone: null,
      roles: change.roles?.(index) ?? ['master', 'data', 'ingest'],
      heapMb: 256,
      settingsFileOwner: 'clusterlift',
      folders: null,
    };
  });
  const cluster = describeCluster({ version, build: change.build ?? null }, nodes, change.spec ?? {});
  const io: EngineIo = {
    hosts: (key) => (key === 'local' ? host : undefined),
    now: () => new Date().toISOString(),
    pause: (milliseconds) => pause(milliseconds),
    http: async ({ method, url, headers, body, timeoutMs }) => {
      const response = await fetch(url, {
        method,
        headers: headers ?? {},
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, body: await response.text() };
    },
  };
  const real: RealCluster = { cluster, host, io, stateDir, urls: nodes.map((node) => node.url), close: () => closeCluster(real) };
  try {
    await startMembers(real);
  } catch (error) {
    await real.close();
    throw error;
  }
  return real;
}

async function startMembers({ cluster, host, io }: RealCluster): Promise<void> {
  const ticket = { clusterId: cluster.id, generation: 1 };
  const { release } = cluster.spec;
  await must(host.prefetch(ticket, release, artefacts(theCatalog, release), AbortSignal.timeout(startTimeoutMs)));
  for (const node of cluster.spec.nodes)
    await must(host.start(ticket, launch(cluster, theCatalog, node.name, release, { kind: 'first' })));
  await eventually('all nodes have joined', startTimeoutMs, async () => {
    const seen = await observe(cluster, theCatalog, io);
    return seen.members.every((member) => member.joined !== null) ? true : undefined;
  });
}

async function must(result: ReturnType<Host['start']>): Promise<void> {
  const ended = await result;
  if (ended.kind !== 'done') throw new Error(`${ended.says} ${'lastLines' in ended ? ended.lastLines.join(' / ') : ''}`);
}

async function closeCluster({ cluster, host, stateDir }: RealCluster): Promise<void> {
  const generation = (await host.generationOf(cluster.id)) + 1;
  await Promise.all(cluster.spec.nodes.map((node) => host.erase({ clusterId: cluster.id, generation }, node.name)));
  rmSync(stateDir, { recursive: true, force: true });
}

function describeCluster(
  release: Release,
  nodes: readonly ElasticsearchNodeSpec[],
  change: Partial<ElasticsearchCluster['spec']>,
): ElasticsearchCluster {
  const at = new Date().toISOString();
  return {
    id: `es-cn-${Math.random().toString(36).slice(2, 10)}`,
    engine: 'elasticsearch',
    origin: 'created',
    name: 'real',
    description: '',
    account: 'test',
    region: 'local',
    tags: {},
    secrets: {},
    createdAt: at,
    updatedAt: at,
    provisioning: { state: 'ready' },
    deleteAfter: null,
    spec: {
      kind: 'elasticsearch',
      clusterName: `real-${Math.random().toString(36).slice(2, 8)}`,
      nodes,
      release,
      settings: {},
      awarenessAttribute: null,
      bindAddress: '127.0.0.1',
      repositoryPath: null,
      username: null,
      hooks: { preStop: null, postStart: null },
      gateAfterFirstMember: false,
      ...change,
    },
  };
}
