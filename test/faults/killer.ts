import type { HeldAct, HoldPoint } from '../../src/simulators/elasticsearch/index.ts';
import type { Lab } from './lab.ts';

/** How long an act is held for the others to come to theirs, before the server is killed all the same. */
const gatherMs = 1_500;
/** How long the first acts may take to come. */
const beginTimeoutMs = 60_000;
/** How long an answer may take to go out before the kill. */
const answerMs = 1_000;

export interface Target {
  readonly cluster: string;
  /** Where in an act the server dies. */
  readonly point: HoldPoint;
  readonly wants: (act: HeldAct) => boolean;
}

export interface Kill {
  readonly cluster: string;
  readonly point: HoldPoint;
  readonly what: string;
  readonly member: string | null;
  readonly detail: string;
}

interface Watched extends Target {
  /** Acts that were met, so that each is cut off once and then let through. */
  readonly met: Set<string>;
  held: Held | null;
}

interface Held {
  readonly kill: Kill;
  readonly letGo: () => void;
}

/**
 * Kills the server with -9 at every new act of every target, at the target's point, and starts it again. One kill serves
 * several targets: each is held where it has come to, until all are or nobody comes any more.
 */
export class Killer {
  readonly kills: Kill[] = [];
  restarts = 0;
  readonly #lab: Lab;
  readonly #targets = new Map<string, Watched>();
  readonly #chosen = new WeakMap<HeldAct, Watched>();
  readonly #begun: Promise<void>;
  #begin: () => void = () => undefined;
  #waiting = 0;
  #gathering: Promise<void> | null = null;
  #answered: () => void = () => undefined;
  readonly #doomed: (() => void)[] = [];
  #broken: unknown = null;

  constructor(lab: Lab, targets: readonly Target[]) {
    this.#lab = lab;
    for (const target of targets) this.#targets.set(target.cluster, { ...target, met: new Set(), held: null });
    this.#begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    lab.simulator.hold((act, point) => this.#hold(act, point));
  }

  /** Until now acts have only waited, so many of them at the least: a test starts its upgrades in peace. */
  async begin(waiting = 0): Promise<void> {
    const there = await this.#lab.simulator.until(() => this.#waiting >= waiting, beginTimeoutMs);
    if (!there) throw new Error(`only ${this.#waiting} acts came of ${waiting}`);
    this.#begin();
  }

  /** No more kills for this cluster: it is over, and nobody waits for it. */
  forget(cluster: string): void {
    this.#targets.delete(cluster);
  }

  /** Resolves once no kill is going on; rejects when the server did not come up again. */
  async quiet(): Promise<void> {
    while (this.#gathering !== null) await this.#gathering;
    if (this.#broken !== null) throw this.#broken;
  }

  async #hold(act: HeldAct, point: HoldPoint): Promise<'go-on' | 'drop'> {
    this.#waiting += 1;
    await this.#begun;
    if (point === 'before' && this.#isDoomed(act)) return this.#untilDead();
    if (point === 'before') this.#choose(act);
    const target = this.#chosen.get(act);
    if (target === undefined) return 'go-on';
    if (point === 'after') {
      this.#answered();
      return 'go-on';
    }
    // An act that is to be cut off after its answer waits with the answer.
    const here = target.point === point || (target.point === 'after' && point === 'inside');
    if (!here) return 'go-on';
    const kill = { cluster: target.cluster, point: target.point, what: act.what, member: act.member, detail: act.detail };
    const letGo = new Promise<void>((resolve) => {
      target.held = { kill, letGo: resolve };
    });
    this.#gathering ??= this.#kill();
    await letGo;
    return target.point === 'after' ? 'go-on' : 'drop';
  }

  /** Sent after the answer after which the server is about to die: such a server does nothing more. */
  #isDoomed(act: HeldAct): boolean {
    const cluster = this.#lab.clusterOf(act.cluster);
    const target = cluster === undefined ? undefined : this.#targets.get(cluster.name);
    return target !== undefined && target.point === 'after' && target.held !== null;
  }

  #untilDead(): Promise<'drop'> {
    return new Promise((resolve) => this.#doomed.push(() => resolve('drop')));
  }

  #choose(act: HeldAct): void {
    const cluster = this.#lab.clusterOf(act.cluster);
    const target = cluster === undefined ? undefined : this.#targets.get(cluster.name);
    if (cluster === undefined || target === undefined || target.held !== null || !target.wants(act)) return;
    const key = [act.what, act.member, act.detail, this.#lab.launchesOf(cluster).length].join(' ');
    if (target.met.has(key)) return;
    target.met.add(key);
    this.#chosen.set(act, target);
  }

  async #kill(): Promise<void> {
    const targets = () => [...this.#targets.values()];
    try {
      await this.#lab.simulator.until(() => targets().every((target) => target.held !== null), gatherMs);
      const held = targets().filter((target) => target.held !== null);
      await this.#answer(held.filter((target) => target.point === 'after'));
      await this.#lab.server.kill();
      for (const drop of this.#doomed.splice(0)) drop();
      for (const target of held) {
        if (target.held !== null) this.kills.push(target.held.kill);
        target.held?.letGo();
        target.held = null;
      }
      await this.#lab.server.start();
      this.restarts += 1;
    } catch (error) {
      this.#broken = error;
      for (const drop of this.#doomed.splice(0)) drop();
      for (const target of targets()) target.held?.letGo();
    }
    // The server acts before it is known to be ready: who has come meanwhile is held, and is the next to be cut off.
    const waiting = this.#broken === null && targets().some((target) => target.held !== null);
    this.#gathering = waiting ? this.#kill() : null;
  }

  /** Lets these answers go out, and resolves once they have. */
  async #answer(targets: readonly Watched[]): Promise<void> {
    if (targets.length === 0) return;
    let left = targets.length;
    const all = new Promise<void>((resolve) => {
      this.#answered = () => {
        left -= 1;
        if (left === 0) resolve();
      };
    });
    for (const target of targets) target.held?.letGo();
    await Promise.race([all, new Promise((resolve) => setTimeout(resolve, answerMs))]);
  }
}
