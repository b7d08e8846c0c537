import { AliyunRig, eventually, NativeRig, NodesRig, type ServerRig } from '../test/rig/index.ts';

const createTimeoutMs = 10 * 60_000;
const trialTimeoutMs = 10 * 60_000;
const hopTimeoutMs = 30 * 60_000;
/** Fine enough beside hops of half a minute. */
const lookEveryMs = 50;

export interface Lifted {
  readonly seconds: number;
  /** The trial starts' own time, one after the other, as if somebody had waited for all of them. */
  readonly trialSeconds: number;
  /** Waves as they were planned: member names. */
  readonly waves: readonly (readonly string[])[];
}

/** A cluster made and lifted by Clusterlift, through its public APIs. */
export class LiftedCluster {
  readonly id: string;
  readonly nodes: NodesRig;
  readonly #native: NativeRig;
  readonly #aliyun: AliyunRig;

  private constructor(id: string, nodes: NodesRig, native: NativeRig, aliyun: AliyunRig) {
    this.id = id;
    this.nodes = nodes;
    this.#native = native;
    this.#aliyun = aliyun;
  }

  static async create(
    server: ServerRig,
    { heapMb, ...shape }: { name: string; version: string; nodes: number; zones: number; heapMb: number },
  ): Promise<LiftedCluster> {
    const aliyun = new AliyunRig(server);
    const id = await aliyun.create({ ...shape, tags: { 'clusterlift:heap-mb': String(heapMb) } });
    await aliyun.waitActive(id, createTimeoutMs);
    return new LiftedCluster(id, new NodesRig(await aliyun.addresses(id)), new NativeRig(server), aliyun);
  }

  /** Waits until no trial start is left to run, then measures from the start call until the upgrade is done. */
  async hop(version: string): Promise<Lifted> {
    const trials = await eventually('every trial start has ended', trialTimeoutMs, async () => {
      const rows = await this.#native.trials(this.id);
      return rows.length > 0 && rows.every((row) => !['pending', 'running'].includes(row.outcome.kind)) ? rows : undefined;
    });
    // Members that differ in nothing that matters share one trial.
    const wanted = new Map(trials.filter((row) => row.key.release.version === version).map((row) => [row.key.settingsHash, row]));
    const trialSeconds = [...wanted.values()].reduce((sum, row) => sum + (row.outcome.tookMs ?? 0) / 1000, 0);
    const plan = await this.#native.plan(this.id, version);
    const began = performance.now();
    await this.#native.start(plan.id, [...new Set(plan.findings.map((finding) => finding.check))]);
    const end = await eventually(
      `the upgrade to ${version} ends`,
      hopTimeoutMs,
      async () => {
        const upgrade = await this.#native.latestUpgrade(this.id);
        return upgrade.status === 'running' ? undefined : upgrade;
      },
      lookEveryMs,
    );
    const seconds = (performance.now() - began) / 1000;
    if (end.status !== 'done') throw new Error(`the upgrade is ${end.status}: ${end.reason?.says ?? ''}`);
    return { seconds, trialSeconds, waves: plan.hops.flatMap((hop) => hop.waves) };
  }

  async end(): Promise<void> {
    await this.#aliyun.remove(this.id);
    await eventually(`instance ${this.id} is gone`, createTimeoutMs, async () => {
      const there = await this.#native.clusterIds();
      return there.includes(this.id) ? undefined : true;
    });
  }
}
