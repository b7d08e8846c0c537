import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { componentPath } from '../../scripts/components.js';
import { EksRig } from './eks.ts';
import { type KillMoment, killAt } from './kill.ts';
import { kubectl } from './kubectl.ts';
import { type KubernetesLoad, type LoadReport, startKubernetesLoad } from './kubernetes-load.ts';
import { NativeRig, type UpgradeRow } from './native.ts';
import { endProcessesOf } from './processes.ts';
import { type ServerRig, startServer } from './server.ts';
import { makeStateFolder, removeStateFolder } from './state-folder.ts';
import { eventually } from './waiting.ts';

const run = promisify(execFile);
const etcdctlTimeoutMs = 30_000;
const newestKubectl = 'kubernetes-1.37.2';
const endedTimeoutMs = 10 * 60_000;

export interface AwaitedAct {
  readonly kind: 'acting' | 'acted';
  readonly move: string;
  readonly member: string;
  /** Only events after this one count. */
  readonly after?: number;
}

interface ObservedMember {
  readonly name: string;
  readonly process: { readonly pid: number | null };
  readonly release: { readonly version: string; readonly build: string | null } | null;
  readonly joined: boolean;
}

function showRelease({ version, build }: NonNullable<ObservedMember['release']>): string {
  return build === null ? version : `${version} ${build}`;
}

/** A real control plane that a server of its own has made, and what tests ask of it. */
export class ControlPlaneRig {
  readonly server: ServerRig;
  readonly stateFolder: string;
  readonly name: string;
  readonly eks: EksRig;
  readonly native: NativeRig;
  #id = '';
  #loads = 0;

  private constructor(server: ServerRig, stateFolder: string, name: string) {
    this.server = server;
    this.stateFolder = stateFolder;
    this.name = name;
    this.eks = new EksRig(server);
    this.native = new NativeRig(server);
  }

  static async start(name: string): Promise<ControlPlaneRig> {
    const stateFolder = await makeStateFolder(name);
    return new ControlPlaneRig(await startServer({ stateFolder }), stateFolder, name);
  }

  /** Makes the control plane and waits until it is ACTIVE. */
  async create(version: string, tags: Readonly<Record<string, string>>, timeoutMs: number): Promise<void> {
    await this.eks.create({ name: this.name, version, tags: { ...tags } });
    await this.eks.waitActive(this.name, timeoutMs);
    const { clusters } = await this.native.ask<{ clusters: readonly { id: string; name: string }[] }>('GET', '/clusters');
    this.#id = clusters.find((cluster) => cluster.name === this.name)?.id ?? '';
    const answer = await this.native.ask<{ kubeconfig: string }>('GET', `/clusters/${this.#id}/kubeconfig`);
    writeFileSync(this.kubeconfig, answer.kubeconfig, { mode: 0o600 });
  }

  get id(): string {
    return this.#id;
  }

  get kubeconfig(): string {
    return join(this.stateFolder, 'admin.kubeconfig');
  }

  kubectl(...words: readonly string[]): Promise<string> {
    return kubectl(newestKubectl, this.kubeconfig, words);
  }

  /** The load client, in a namespace of its own each time. */
  load(): Promise<KubernetesLoad> {
    this.#loads += 1;
    const namespace = `load-${this.#loads}`;
    return startKubernetesLoad({ kubeconfig: this.kubeconfig, namespace, report: join(this.stateFolder, `${namespace}.json`) });
  }

  /** Starts an upgrade through our own API; what has to be accepted is named. */
  startUpgrade(version: string, build: string, acknowledge: readonly string[] = []): Promise<UpgradeRow> {
    return this.native.ask('POST', '/upgrades', { clusterId: this.id, to: { version, build }, acknowledge });
  }

  ended(upgradeId: string): Promise<UpgradeRow> {
    return this.native.waitWhile(upgradeId, 'running', endedTimeoutMs);
  }

  /** In place of those that it has. */
  async setTags(tags: Readonly<Record<string, string>>): Promise<void> {
    await this.native.ask('PATCH', `/clusters/${this.id}`, { tags });
  }

  async setFlags(flags: Readonly<Record<string, readonly string[]>>): Promise<void> {
    await this.native.ask('PATCH', `/clusters/${this.id}`, { flags });
  }

  /** What each member runs, `1.36 eks.1`; `away` while it does not answer. */
  async members(): Promise<Readonly<Record<string, string>>> {
    const members = await this.#observed();
    return Object.fromEntries(
      members.map(({ name, release, joined }) => [name, joined && release !== null ? showRelease(release) : 'away']),
    );
  }

  async processOf(member: string): Promise<number | undefined> {
    const found = (await this.#observed()).find(({ name }) => name === member);
    return found?.process.pid ?? undefined;
  }

  /** kill -9. */
  async kill(member: string): Promise<void> {
    const pid = await this.processOf(member);
    if (pid === undefined) throw new Error(`${member} does not run`);
    process.kill(pid, 'SIGKILL');
  }

  killServerAt(upgradeId: string, moment: KillMoment): Promise<string> {
    return killAt(this.server, this.native, upgradeId, moment);
  }

  async #observed(): Promise<readonly ObservedMember[]> {
    const observation = await this.native.ask<{ members: readonly ObservedMember[] }>('GET', `/clusters/${this.id}/observation`);
    return observation.members;
  }

  /** etcd's own command line on the first member, with the members' certificate. */
  async etcdctl(...words: readonly string[]): Promise<string> {
    const { stdout } = await run(`${componentPath('etcd-3.6.16')}/bin/etcdctl`, [...(await this.#etcdAccess()), ...words], {
      timeout: etcdctlTimeoutMs,
    });
    return stdout;
  }

  /** What the first member of etcd tells of its version, and of what all of them can do. */
  async etcdVersion(): Promise<string> {
    const { url, conf } = await this.#etcd('etcd-1');
    const identity = ['--cert', join(conf, 'etcd.crt'), '--key', join(conf, 'etcd.key'), '--insecure'];
    const { stdout } = await run('curl', ['--silent', '--show-error', '--fail-with-body', ...identity, `${url}/version`], {
      timeout: etcdctlTimeoutMs,
    });
    return stdout;
  }

  /** What a full etcd does by itself: from now on it takes no writes, until the alarm is disarmed. */
  async raiseNoSpace(): Promise<void> {
    const { header } = await this.#etcdStatus('etcd-1');
    await this.#askEtcd('etcd-1', 'alarm', { action: 'ACTIVATE', memberID: header.member_id, alarm: 'NOSPACE' });
  }

  async #etcdStatus(name: string): Promise<{ readonly header: { readonly member_id: string }; readonly leader: string }> {
    return JSON.parse(await this.#askEtcd(name, 'status', {}));
  }

  async #askEtcd(name: string, path: string, body: unknown): Promise<string> {
    const { url, conf } = await this.#etcd(name);
    const identity = ['--cert', join(conf, 'etcd.crt'), '--key', join(conf, 'etcd.key'), '--insecure'];
    const words = ['--silent', '--show-error', '--fail-with-body', ...identity, '--data', JSON.stringify(body)];
    const { stdout } = await run('curl', [...words, `${url}/v3/maintenance/${path}`], { timeout: etcdctlTimeoutMs });
    return stdout;
  }

  async #etcd(name: string): Promise<{ readonly url: string; readonly conf: string }> {
    const url = (await this.native.cluster(this.id)).nodes.find((node) => node.name === name)?.url ?? '';
    return { url, conf: join(this.stateFolder, 'state', 'members', this.id, name, 'conf') };
  }

  async #etcdAccess(): Promise<readonly string[]> {
    const { url, conf } = await this.#etcd('etcd-1');
    return [`--endpoints=${url}`, '--insecure-skip-tls-verify', `--cert=${conf}/etcd.crt`, `--key=${conf}/etcd.key`];
  }

  /** A member of etcd that does not lead. */
  async etcdFollower(names: readonly string[]): Promise<string> {
    for (const name of names) {
      const { header, leader } = await this.#etcdStatus(name);
      if (header.member_id !== leader) return name;
    }
    throw new Error('no member of etcd follows');
  }

  /** Waits until an act of an upgrade has begun, or has ended. */
  async waitFor(upgradeId: string, { kind, move, member, after = 0 }: AwaitedAct, timeoutMs: number): Promise<void> {
    await eventually(
      `${kind} ${move} ${member}`,
      timeoutMs,
      async () =>
        (await this.native.events(upgradeId, after)).some(
          (event) => event.kind === kind && event.move === move && event.members.includes(member),
        ) || undefined,
      100,
    );
  }

  async close(): Promise<void> {
    await this.server.stop();
    await endProcessesOf(this.stateFolder);
    await removeStateFolder(this.stateFolder);
  }
}

/** What a client of an ordinary client-go sees when nothing goes wrong. */
export function untroubled(report: LoadReport) {
  const { failed, failures, watch, objects } = report;
  return {
    failed,
    failures,
    missed: watch.missed,
    duplicated: watch.duplicated,
    lost: objects.lost,
    differing: objects.differing,
  };
}

export const nothingLost = { failed: 0, failures: [], missed: [], duplicated: [], lost: [], differing: [] };
