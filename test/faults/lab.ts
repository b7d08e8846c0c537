import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ElasticsearchSpec } from '../../src/domain/index.ts';
import { type Simulator, startSimulator, type WantedCluster } from '../../src/simulators/elasticsearch/index.ts';
import {
  endProcessesOf,
  eventually,
  makeStateFolder,
  NativeRig,
  removeStateFolder,
  type ServerRig,
  seedOfRun,
  startServer,
  type UpgradeRow,
} from '../rig/index.ts';
import { SimulatedWorld } from './simulated-world.ts';

/** Simulated milliseconds in a real one. */
const speed = 100;
/** Longer than a test may take anywhere else: a busy machine starts a server slowly, and some tests start twenty. */
const endTimeoutMs = 9 * 60_000;

export const from = '5.5.3';
export const to = '5.6.16';

/** A cluster of the lab: as simulated, and as the server knows it. */
export interface LabCluster {
  /** `cluster.name`. */
  readonly name: string;
  /** Clusterlift's. */
  readonly id: string;
  readonly spec: ElasticsearchSpec;
  readonly wanted: WantedCluster;
}

/**
 * A real server as a child process, on a simulated world that lives in the test's own process: whatever happens to the
 * server, the world goes on and remembers.
 */
export class Lab extends SimulatedWorld {
  readonly server: ServerRig;
  readonly native: NativeRig;
  readonly clusters: LabCluster[] = [];
  /** Whatever happens by chance in a test is drawn from it. */
  readonly seed: number;
  readonly #folder: string;

  private constructor(simulator: Simulator, server: ServerRig, folder: string, seed: number) {
    super(simulator);
    this.seed = seed;
    this.server = server;
    this.native = new NativeRig(server);
    this.#folder = folder;
  }

  /** `localToo`: the host that clusters are made on is the simulated one, so that nothing real is started. */
  static async open(purpose: string, localToo = false): Promise<Lab> {
    const seed = seedOfRun(purpose);
    const nowMs = () => performance.timeOrigin + performance.now();
    const simulator = await startSimulator({ port: 0, seed, speed, nowMs, portSeed: seed + process.pid });
    const folder = await makeStateFolder('faults');
    const config = join(folder, 'config.json');
    const simulated = { kind: 'simulated', url: simulator.url };
    writeFileSync(config, JSON.stringify({ hosts: { simulated, ...(localToo ? { local: simulated } : {}) }, trials: true }));
    return new Lab(simulator, await startServer({ stateFolder: folder, config }), folder, seed);
  }

  async close(): Promise<void> {
    this.simulator.hold(null);
    await this.server.stop();
    await this.simulator.close();
    await endProcessesOf(this.#folder);
    await removeStateFolder(this.#folder);
  }

  get stateFolder(): string {
    return join(this.#folder, 'state');
  }

  /** Three nodes that their owner has running, with indices that one of them may leave; registered. */
  async addCluster(name: string, more: Partial<WantedCluster> = {}, trials = true): Promise<LabCluster> {
    const wanted: WantedCluster = {
      name,
      version: from,
      nodes: [1, 2, 3].map((number) => ({ name: `${name}-${number}` })),
      indices: [
        { name: 'orders', shards: 2, replicas: 1 },
        { name: 'users', shards: 1, replicas: 2 },
      ],
      ...more,
    };
    const spec = await this.simulator.addCluster(wanted);
    const { clusterName, nodes, repositoryPath, hooks, awarenessAttribute } = spec;
    const { cluster } = await this.native.ask<{ cluster: { id: string } }>('POST', '/clusters', {
      name,
      engine: 'elasticsearch',
      clusterName,
      nodes,
      repositoryPath,
      hooks,
      awarenessAttribute,
      ...(trials ? {} : { tags: { 'clusterlift:trial': 'off' } }),
    });
    const made = { name, id: cluster.id, spec, wanted };
    this.clusters.push(made);
    return made;
  }

  /** Plans and starts; what is policy only is acknowledged. */
  async lift(cluster: LabCluster): Promise<string> {
    const plan = await this.native.plan(cluster.id, to);
    const hazards = plan.findings.filter((finding) => finding.kind === 'hazard');
    if (hazards.length > 0) throw new Error(`${cluster.name}: ${hazards.map((hazard) => hazard.says).join('; ')}`);
    const unanswered = plan.reports.filter((report) => report.result.kind === 'could-not-run');
    const acknowledge = [...plan.findings, ...unanswered].map(({ check }) => check);
    return (await this.native.start(plan.id, [...new Set(acknowledge)])).id;
  }

  /** The upgrade once it does not run any more. */
  async ended(upgradeId: string): Promise<UpgradeRow> {
    return eventually(`the end of upgrade ${upgradeId}`, endTimeoutMs, async () => {
      const upgrade = await this.native.upgrade(upgradeId);
      return upgrade.status === 'running' ? undefined : upgrade;
    });
  }

  async wish(upgradeId: string, wish: 'pause' | 'resume' | 'cancel'): Promise<void> {
    await this.native.ask('POST', `/upgrades/${upgradeId}/${wish}`);
  }

  clusterOf(nameOrId: string): LabCluster | undefined {
    return this.clusters.find((cluster) => cluster.name === nameOrId || cluster.id === nameOrId);
  }
}
