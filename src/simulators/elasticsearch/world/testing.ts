/** For tests: a world whose time passes only when it is told to. */
import {
  createIndex,
  dataNodesOf,
  end,
  launchProcess,
  type Moment,
  makeWorld,
  memberById,
  type SimCluster,
  type SimIndex,
  type SimProcess,
  seededRandom,
  tick,
} from './index.ts';

const clusterName = 'lab';
const stepMs = 100;

export class Lab {
  readonly world = makeWorld();
  readonly #random: () => number;
  #ports = 1;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  get cluster(): SimCluster {
    const cluster = this.world.clusters.get(clusterName);
    if (cluster === undefined) throw new Error('no node has come up yet');
    return cluster;
  }

  moment(): Moment {
    return { nowMs: this.world.nowMs, random: this.#random };
  }

  /** Lets that much time pass, step by step. */
  run(milliseconds: number): void {
    const until = this.world.nowMs + milliseconds;
    while (this.world.nowMs < until)
      tick(this.world, { nowMs: Math.min(until, this.world.nowMs + stepMs), random: this.#random });
  }

  /** Starts a node on its own folder; the same name has the same folder. */
  launch(name: string, version: string, settings: Readonly<Record<string, string>> = {}): SimProcess {
    this.#ports += 1;
    const ports = { 'http.port': `${9_000 + this.#ports}`, 'transport.tcp.port': `${19_000 + this.#ports}` };
    const all = { 'cluster.name': clusterName, 'node.name': name, ...(version < '8' ? ports : without(ports)), ...settings };
    const release = { version, build: null };
    return launchProcess(this.world, { release, settings: all, jvmArguments: [], folder: `/${name}` }, this.moment());
  }

  /** Nodes that are up and joined. */
  form(
    version: string,
    names: readonly string[],
    settings: (name: string) => Readonly<Record<string, string>> = () => ({}),
  ): void {
    const majority = { 'discovery.zen.minimum_master_nodes': `${Math.floor(names.length / 2) + 1}` };
    const first = { 'cluster.initial_master_nodes': names.join(',') };
    for (const name of names) this.launch(name, version, { ...(version < '7' ? majority : first), ...settings(name) });
    this.run(20_000);
  }

  index(name: string, shards: number, replicas: number, settings: Readonly<Record<string, string>> = {}): SimIndex {
    const counts = { 'index.number_of_shards': `${shards}`, 'index.number_of_replicas': `${replicas}` };
    const createdVersion = this.node(this.members()[0] ?? '').release.version;
    const wanted = { name, createdVersion, settings: { ...counts, ...settings }, mappings: {}, aliases: {} };
    return createIndex(this.cluster, wanted, shards, dataNodesOf(this.world, this.cluster).length, this.moment());
  }

  node(name: string): SimProcess {
    const node = [...this.world.processes.values()].filter((candidate) => candidate.name === name).at(-1);
    if (node === undefined) throw new Error(`there is no node ${name}`);
    return node;
  }

  members(): readonly string[] {
    return [...this.cluster.members.keys()].map((nodeId) => memberById(this.world, this.cluster, nodeId)?.name ?? '?').sort();
  }

  master(): string | null {
    return memberById(this.world, this.cluster, this.cluster.masterNodeId)?.name ?? null;
  }

  /** The process is gone at once. */
  kill(name: string): void {
    end(this.world, this.node(name), 137, this.moment());
  }

  /** `index/shard p|r state node`, sorted. */
  copies(): readonly string[] {
    return this.cluster.copies
      .map((copy) => {
        const node = memberById(this.world, this.cluster, copy.nodeId)?.name ?? '-';
        return `${copy.index}/${copy.shard} ${copy.primary ? 'p' : 'r'} ${copy.state} ${node}`;
      })
      .sort();
  }

  kinds(): readonly string[] {
    return [...new Set(this.world.violations.map((violation) => violation.kind))].sort();
  }
}

function without(ports: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { 'http.port': ports['http.port'] ?? '', 'transport.port': ports['transport.tcp.port'] ?? '' };
}
