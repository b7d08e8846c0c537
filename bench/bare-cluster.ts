import { setTimeout as pause } from 'node:timers/promises';
import type { ElasticsearchCluster, ElasticsearchNodeSpec, Host, LaunchPurpose } from '../src/domain/index.ts';
import { launch } from '../src/engines/elasticsearch/launch/index.ts';
import { createProcessHost } from '../src/hosts/process/index.ts';
import { NodesRig } from '../test/rig/index.ts';
import { cacheDir, theCatalog } from '../test/rig/releases.ts';

/** How often the bare script looks. */
const pollEveryMs = 50;
const waitTimeoutMs = 300_000;
const stopTimeoutMs = 60_000;

export interface BareShape {
  readonly stateFolder: string;
  readonly nodes: number;
  readonly zones: number;
  readonly heapMb: number;
}

/**
 * A cluster run by hand: nodes started with the recipe that Clusterlift itself uses (minus the class-data archive, which
 * only a trial leaves), and the rolling upgrade as an operator's script does it, with no check, no guard and no record.
 */
export class BareCluster {
  readonly nodes: NodesRig;
  readonly #cluster: ElasticsearchCluster;
  readonly #host: Host;
  readonly #ticket: { readonly clusterId: string; readonly generation: number };

  private constructor(cluster: ElasticsearchCluster, host: Host) {
    this.#cluster = cluster;
    this.#host = host;
    this.#ticket = { clusterId: cluster.id, generation: 1 };
    this.nodes = new NodesRig(cluster.spec.nodes.map((node) => node.url));
  }

  static async start(shape: BareShape, version: string): Promise<BareCluster> {
    const host = createProcessHost({
      stateDir: shape.stateFolder,
      cacheDir: cacheDir(),
      javaHomes: [],
      nowMs: () => Date.now(),
    });
    const ports = await host.freePorts(shape.nodes * 2);
    const bare = new BareCluster(describe(shape, version, ports), host);
    await bare.prefetch(version);
    for (const node of bare.#cluster.spec.nodes) await bare.#launch(node, version, { kind: 'first' });
    await bare.nodes.waitGreen(shape.nodes, waitTimeoutMs);
    return bare;
  }

  get urls(): readonly string[] {
    return this.nodes.urls;
  }

  async prefetch(version: string): Promise<void> {
    const release = theCatalog.releases.find((candidate) => candidate.version === version);
    if (release === undefined) throw new Error(`the catalog has no ${version}`);
    const signal = AbortSignal.timeout(waitTimeoutMs);
    const fetched = await this.#host.prefetch(this.#ticket, { version, build: null }, release.artefacts, signal);
    if (fetched.kind !== 'done') throw new Error(fetched.says);
  }

  /** Settings, flush, stop, plain start, joined, settings back, settled: node after node. The time it took, in seconds. */
  async hop(version: string): Promise<number> {
    const began = performance.now();
    for (const node of this.#cluster.spec.nodes) await this.#lift(node, version);
    return (performance.now() - began) / 1000;
  }

  async end(): Promise<void> {
    for (const node of this.#cluster.spec.nodes) await this.#host.erase(this.#ticket, node.name);
  }

  async #lift(node: ElasticsearchNodeSpec, version: string): Promise<void> {
    await this.#setAllocation('primaries');
    // Under writes a synced flush answers 409 for busy shards; a plain one is all that is needed.
    await this.#others(node).ask('POST', '/_flush', undefined, 60_000);
    const running = await this.#host.describe(this.#cluster.id, node.name);
    if (running.state !== 'running') throw new Error(`${node.name} does not run`);
    const stopped = await this.#host.stop(this.#ticket, node.name, running.identity, stopTimeoutMs);
    if (stopped.kind !== 'done') throw new Error(stopped.says);
    await this.#launch(node, version, { kind: 'join' });
    await this.#until(`${node.name} joined`, async () => (await this.#others(node).versions())[node.name] === version);
    await this.#setAllocation(null);
    await this.#until('settled', async () => {
      const health = await this.nodes.get<Record<string, unknown>>('/_cluster/health');
      return (
        health.status === 'green' &&
        health.number_of_nodes === this.#cluster.spec.nodes.length &&
        health.initializing_shards === 0 &&
        health.relocating_shards === 0
      );
    });
  }

  async #launch(node: ElasticsearchNodeSpec, version: string, purpose: LaunchPurpose): Promise<void> {
    const plain = { ...launch(this.#cluster, theCatalog, node.name, { version, build: null }, purpose), archive: null };
    const started = await this.#host.start(this.#ticket, plain);
    if (started.kind !== 'done') throw new Error(started.says);
  }

  async #setAllocation(value: string | null): Promise<void> {
    await this.nodes.ask('PUT', '/_cluster/settings', { persistent: { 'cluster.routing.allocation.enable': value } });
  }

  #others(node: ElasticsearchNodeSpec): NodesRig {
    return new NodesRig(this.urls.filter((url) => url !== node.url));
  }

  async #until(what: string, condition: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + waitTimeoutMs;
    while (!(await condition().catch(() => false))) {
      if (performance.now() > deadline) throw new Error(`${what}: not within ${waitTimeoutMs / 1000} s`);
      await pause(pollEveryMs);
    }
  }
}

function describe(shape: BareShape, version: string, ports: readonly number[]): ElasticsearchCluster {
  const now = new Date().toISOString();
  const nodes = Array.from({ length: shape.nodes }, (_, i): ElasticsearchNodeSpec => {
    const [httpPort = 0, transportPort = 0] = ports.slice(i * 2, i * 2 + 2);
    return {
      name: `node-${i + 1}`,
      host: 'local',
      url: `http://127.0.0.1:${httpPort}`,
      httpPort,
      transportPort,
      zone: shape.zones > 1 ? `zone-${(i % shape.zones) + 1}` : null,
      roles: ['master', 'data', 'ingest'],
      heapMb: shape.heapMb,
      settingsFileOwner: 'clusterlift',
      folders: null,
    };
  });
  return {
    id: 'es-cn-bare000000000000',
    engine: 'elasticsearch',
    origin: 'created',
    name: 'bare',
    description: 'bare',
    account: 'bench',
    region: 'local',
    tags: {},
    spec: {
      kind: 'elasticsearch',
      clusterName: 'bare',
      nodes,
      release: { version, build: null },
      settings: {},
      awarenessAttribute: shape.zones > 1 ? 'zone' : null,
      bindAddress: '127.0.0.1',
      repositoryPath: null,
      username: null,
      hooks: { preStop: null, postStart: null },
      gateAfterFirstMember: false,
    },
    secrets: {},
    createdAt: now,
    updatedAt: now,
    provisioning: { state: 'ready' },
    deleteAfter: null,
  };
}
