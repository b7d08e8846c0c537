import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { componentPath } from '../scripts/components.js';
import type { KubernetesMemberSpec, Release } from '../src/domain/index.ts';
import { requestedSpec } from '../src/engines/kubernetes/index.ts';
import { launch } from '../src/engines/kubernetes/launch/index.ts';
import { theKubernetesCatalog } from '../src/engines/kubernetes/testing.ts';
import { type RealControlPlane, startControlPlane } from '../test/rig/real-control-plane.ts';

const run = promisify(execFile);
/** How often the bare script looks. */
const pollEveryMs = 50;
const waitTimeoutMs = 300_000;
const stopTimeoutMs = 90_000;
const answerTimeoutMs = 2_000;

/** Seconds of each step, in the words of the steps that Clusterlift tells of. */
export interface BareUpgrade {
  readonly seconds: number;
  readonly steps: Readonly<Record<string, number>>;
  /** The same time by what it went into. */
  readonly spent: Readonly<Record<string, number>>;
}

/**
 * A control plane run by hand: members started with the launches that Clusterlift itself uses, and the upgrade as an
 * operator's script does it, with no check, no guard, no soak and no record.
 */
export class BareControlPlane {
  readonly #plane: RealControlPlane;
  readonly #folder = mkdtempSync(join(tmpdir(), 'cl-bench-'));
  readonly #spent = new Stopwatch();

  private constructor(plane: RealControlPlane) {
    this.#plane = plane;
  }

  /** With the same flags as one that the server makes: `authenticationUrl` is of a webhook that nobody asks. */
  static async start(release: Release, authenticationUrl: string): Promise<BareControlPlane> {
    const plane = await startControlPlane(requestedSpec({ release }), (spec) => ({ ...spec, authenticationUrl }));
    await plane.keepUntil(waitTimeoutMs, ({ members }) =>
      members.every(({ name, joined }) => name.endsWith('-surge') || joined !== null),
    );
    plane.cluster = { ...plane.cluster, provisioning: { state: 'ready' } };
    return new BareControlPlane(plane);
  }

  /** Snapshot; apiservers behaving as before; apiservers as themselves; controller managers and schedulers. */
  async upgrade(to: Release, emulate: string): Promise<BareUpgrade> {
    const [steps, began] = [new Stopwatch(), performance.now()];
    await steps.time('snapshot of etcd', () => this.#snapshot());
    await steps.time('apiservers, behaving as before', () => this.#rollApiservers(to, emulate));
    await steps.time('apiservers, as themselves', () => this.#rollApiservers(to, null));
    await steps.time('controller managers and schedulers', () => this.#rollControllers(to));
    return { seconds: (performance.now() - began) / 1000, steps: steps.seconds, spent: this.#spent.seconds };
  }

  async end(): Promise<void> {
    await this.#plane.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #snapshot(): Promise<void> {
    const [etcd] = this.#members('etcd');
    if (etcd === undefined) throw new Error('there is no etcd');
    const file = (name: string) => join(this.#folder, name);
    for (const name of ['ca.crt', 'etcd.crt', 'etcd.key'])
      writeFileSync(file(name), this.#plane.cluster.secrets[name] ?? '', { mode: 0o600 });
    const etcdctl = `${componentPath('etcd-3.6.16')}/bin/etcdctl`;
    const tls = [`--cacert=${file('ca.crt')}`, `--cert=${file('etcd.crt')}`, `--key=${file('etcd.key')}`];
    await run(etcdctl, [`--endpoints=${urlOf(etcd)}`, ...tls, 'snapshot', 'save', file('etcd.db')]);
  }

  async #rollApiservers(release: Release, emulate: string | null): Promise<void> {
    const all = this.#members('kube-apiserver');
    const surge = all.find((member) => member.surge);
    if (surge === undefined) throw new Error('there is no place for one more apiserver');
    await this.#start(surge, release, emulate);
    for (const member of all.filter((one) => !one.surge)) await this.#replace(member, release, emulate);
    await this.#stop(surge);
  }

  async #rollControllers(release: Release): Promise<void> {
    for (const component of ['kube-controller-manager', 'kube-scheduler'] as const)
      for (const member of this.#members(component)) await this.#replace(member, release, null);
  }

  async #replace(member: KubernetesMemberSpec, release: Release, emulate: string | null): Promise<void> {
    await this.#stop(member);
    await this.#start(member, release, emulate);
  }

  async #stop({ name }: KubernetesMemberSpec): Promise<void> {
    const { host, cluster } = this.#plane;
    const running = await host.describe(cluster.id, name);
    if (running.state !== 'running') throw new Error(`${name} does not run`);
    const stopped = await this.#spent.time('stopping', () => host.stop(this.#ticket(), name, running.identity, stopTimeoutMs));
    if (stopped.kind !== 'done') throw new Error(stopped.says);
  }

  /** Started, and asked until it is ready. */
  async #start(member: KubernetesMemberSpec, release: Release, emulate: string | null): Promise<void> {
    const { host, cluster } = this.#plane;
    const purpose = { kind: 'join', ...(emulate === null ? {} : { emulate }) } as const;
    const how = launch(cluster, theKubernetesCatalog(), member.name, release, purpose);
    const started = await this.#spent.time('starting', () => host.start(this.#ticket(), how));
    if (started.kind !== 'done') throw new Error(started.says);
    await this.#spent.time('getting ready', () => this.#ready(member));
  }

  async #ready(member: KubernetesMemberSpec): Promise<void> {
    const path = member.component === 'kube-apiserver' ? '/readyz' : '/healthz';
    const deadline = performance.now() + waitTimeoutMs;
    while (!(await isReady(`${urlOf(member)}${path}`))) {
      if (performance.now() > deadline) throw new Error(`${member.name}: not ready within ${waitTimeoutMs / 1000} s`);
      await pause(pollEveryMs);
    }
  }

  #members(component: KubernetesMemberSpec['component']): readonly KubernetesMemberSpec[] {
    return this.#plane.cluster.spec.members.filter((member) => member.component === component);
  }

  #ticket() {
    return { clusterId: this.#plane.cluster.id, generation: 1 };
  }
}

/** Adds up how long things of a name took. */
class Stopwatch {
  readonly seconds: Record<string, number> = {};

  async time<T>(name: string, run: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await run();
    } finally {
      this.seconds[name] = (this.seconds[name] ?? 0) + (performance.now() - began) / 1000;
    }
  }
}

function urlOf({ address, port }: KubernetesMemberSpec): string {
  return `https://${address}:${port}`;
}

function isReady(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(url, { rejectUnauthorized: false, timeout: answerTimeoutMs, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
