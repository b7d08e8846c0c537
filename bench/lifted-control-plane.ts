import { phasesOf } from '../demo/kubernetes/phases.ts';
import { EksRig, type EventRow, eventually, NativeRig, type ServerRig } from '../test/rig/index.ts';

const createTimeoutMs = 10 * 60_000;
const trialTimeoutMs = 10 * 60_000;
const upgradeTimeoutMs = 30 * 60_000;
/** Fine enough beside upgrades of a minute. */
const lookEveryMs = 50;
const soakSeconds = 10;
const soaking = 'k8s.soaking';
const steady = 'k8s.member-steady';

export interface LiftedUpgrade {
  /** From the call until the upgrade is done, without the soak. */
  readonly seconds: number;
  /** For how long the cluster was to be watched, whatever went on meanwhile: a script that watched it as long could do that too. */
  readonly soakSeconds: number;
  /** The trial starts' own time, one after the other, as if somebody had waited for all of them. */
  readonly trialSeconds: number;
  /** Of `seconds`: waited for members that are ready to stay so for a moment, which a bare script does not. */
  readonly steadySeconds: number;
  readonly steps: Readonly<Record<string, number>>;
  /** The same time by what it went into: each act by its name, each wait by its code, and what lay between. */
  readonly spent: Readonly<Record<string, number>>;
}

/** A control plane made and lifted by Clusterlift, through its public APIs. */
export class LiftedControlPlane {
  readonly #id: string;
  readonly #name: string;
  readonly #eks: EksRig;
  readonly #native: NativeRig;

  private constructor(id: string, name: string, eks: EksRig, native: NativeRig) {
    this.#id = id;
    this.#name = name;
    this.#eks = eks;
    this.#native = native;
  }

  static async create(server: ServerRig, name: string, version: string, build: string): Promise<LiftedControlPlane> {
    const eks = new EksRig(server);
    const native = new NativeRig(server);
    const before = await native.clusterIds();
    const tags = { 'clusterlift:platform-version': build, 'clusterlift:soak-seconds': String(soakSeconds) };
    await eks.create({ name, version, tags });
    await eks.waitActive(name, createTimeoutMs);
    const id = (await native.clusterIds()).find((one) => !before.includes(one)) ?? '';
    return new LiftedControlPlane(id, name, eks, native);
  }

  /** Waits until no trial start is left to run, then measures from the call until the upgrade is done. */
  async upgrade(version: string): Promise<LiftedUpgrade> {
    const trials = await eventually('every trial start has ended', trialTimeoutMs, async () => {
      const rows = await this.#native.trials(this.#id);
      return rows.length > 0 && rows.every((row) => !['pending', 'running'].includes(row.outcome.kind)) ? rows : undefined;
    });
    // Members that differ in nothing that matters share one trial.
    const wanted = new Map(trials.filter((row) => row.key.release.version === version).map((row) => [row.key.settingsHash, row]));
    const trialSeconds = [...wanted.values()].reduce((sum, row) => sum + (row.outcome.tookMs ?? 0) / 1000, 0);
    const began = performance.now();
    await this.#eks.startUpdate(this.#name, version);
    const end = await eventually(
      `the upgrade to ${version} ends`,
      upgradeTimeoutMs,
      async () => {
        const upgrade = await this.#native.latestUpgrade(this.#id);
        return upgrade.status === 'running' ? undefined : upgrade;
      },
      lookEveryMs,
    );
    const seconds = (performance.now() - began) / 1000;
    if (end.status !== 'done') throw new Error(`the upgrade is ${end.status}: ${end.reason?.says ?? ''}`);
    return { trialSeconds, ...figuresOf(await this.#native.events(end.id, 0), seconds) };
  }

  async end(): Promise<void> {
    await this.#eks.remove(this.#name);
    await eventually(`cluster ${this.#name} is gone`, createTimeoutMs, async () =>
      (await this.#native.clusterIds()).includes(this.#id) ? undefined : true,
    );
  }
}

/** From what an upgrade told, and how long it took in all. */
export function figuresOf(events: readonly EventRow[], seconds: number): Omit<LiftedUpgrade, 'trialSeconds'> {
  const steps: Record<string, number> = {};
  for (const { name, fromMs, toMs } of phasesOf(events)) steps[name] = (steps[name] ?? 0) + (toMs - fromMs) / 1000;
  const spent = spentOn(events);
  const soak = spent[soaking] === undefined ? 0 : soakSeconds;
  return { seconds: seconds - soak, soakSeconds: soak, steadySeconds: spent[steady] ?? 0, steps, spent };
}

/** An act or a wait lasts until the next event. */
function spentOn(events: readonly EventRow[]): Readonly<Record<string, number>> {
  const spent: Record<string, number> = {};
  for (const [index, event] of events.entries()) {
    const next = events[index + 1];
    if (next === undefined) continue;
    const what = event.kind === 'acting' ? event.move : event.kind === 'waiting' ? event.reason?.code : null;
    const name = what ?? 'looking, deciding and writing down between them';
    spent[name] = (spent[name] ?? 0) + (Date.parse(next.at) - Date.parse(event.at)) / 1000;
  }
  return spent;
}
