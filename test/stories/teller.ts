import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { main, type Shell } from '../../src/cli/index.ts';
import { type Simulator, startSimulator, type WantedCluster } from '../../src/simulators/elasticsearch/index.ts';
import {
  AliyunRig,
  endProcessesOf,
  makeStateFolder,
  NativeRig,
  removeStateFolder,
  type ServerRig,
  startServer,
} from '../rig/index.ts';

const speed = 100;
const endTimeoutMs = 120_000;

/** One server for all stories; each has a simulated world of its own, from a seed of its own, so that it goes the same way each time. */
export class Stories {
  readonly #server: ServerRig;
  readonly #worlds: ReadonlyMap<string, Simulator>;
  readonly #folder: string;

  private constructor(server: ServerRig, worlds: ReadonlyMap<string, Simulator>, folder: string) {
    this.#server = server;
    this.#worlds = worlds;
    this.#folder = folder;
  }

  static async open(names: readonly string[]): Promise<Stories> {
    const nowMs = () => performance.timeOrigin + performance.now();
    const worlds = new Map<string, Simulator>();
    for (const [position, name] of names.entries()) {
      const portSeed = process.pid * 100 + position;
      worlds.set(name, await startSimulator({ port: 0, seed: position + 1, speed, nowMs, portSeed }));
    }
    const folder = await makeStateFolder('stories');
    const config = join(folder, 'config.json');
    const hosts = Object.fromEntries([...worlds].map(([name, { url }]) => [name, { kind: 'simulated', url }]));
    writeFileSync(config, JSON.stringify({ hosts, trials: false }));
    return new Stories(await startServer({ stateFolder: folder, config }), worlds, folder);
  }

  async close(): Promise<void> {
    await this.#server.stop();
    await Promise.all([...this.#worlds.values()].map((world) => world.close()));
    await endProcessesOf(this.#folder);
    await removeStateFolder(this.#folder);
  }

  async tell(name: string, wanted: Partial<WantedCluster> & { readonly gateAfterFirstMember?: boolean } = {}): Promise<Story> {
    const world = this.#worlds.get(name);
    if (world === undefined) throw new Error(`there is no world for ${name}`);
    const { gateAfterFirstMember = false, ...more } = wanted;
    const nodes = [1, 2, 3].map((number) => ({ name: `node-${number}` }));
    const indices = [{ name: 'orders', shards: 1, replicas: 2 }];
    const spec = await world.addCluster({ name, version: '5.5.3', nodes, indices, ...more });
    const native = new NativeRig(this.#server);
    const { clusterName, repositoryPath, hooks, awarenessAttribute } = spec;
    const { cluster } = await native.ask<{ cluster: { id: string } }>('POST', '/clusters', {
      name,
      engine: 'elasticsearch',
      nodes: spec.nodes.map((node) => ({ ...node, host: name })),
      ...{ clusterName, repositoryPath, hooks, awarenessAttribute },
      tags: gateAfterFirstMember ? { 'clusterlift:gate': 'first-member' } : {},
    });
    return new Story(name, cluster.id, world, this.#server, native);
  }
}

/** What was asked and what was answered, told so that it reads the same each time: ids by their order, times and ports masked. */
export class Story {
  readonly world: Simulator;
  readonly id: string;
  readonly #name: string;
  readonly #server: ServerRig;
  readonly #native: NativeRig;
  readonly #lines: string[] = [];
  readonly #ids = new Map<string, string>();

  constructor(name: string, id: string, world: Simulator, server: ServerRig, native: NativeRig) {
    this.#name = name;
    this.id = id;
    this.world = world;
    this.#server = server;
    this.#native = native;
  }

  get text(): string {
    return `${this.#lines.join('\n').trim()}\n`;
  }

  /** What happens beside what is asked. */
  happens(says: string): void {
    this.#lines.push('', `# ${says}`);
  }

  async cli(...words: readonly string[]): Promise<void> {
    const said: string[] = [];
    const sink = { write: (text: string) => void said.push(text), isTerminal: false, columns: null };
    const env = {
      NO_COLOR: '1',
      CLUSTERLIFT_URL: this.#server.url,
      CLUSTERLIFT_ACCESS_KEY_ID: this.#server.keyId,
      CLUSTERLIFT_SECRET_ACCESS_KEY: this.#server.secret,
    };
    const code = await main(words, shellWith(env, sink));
    this.#say(`$ clusterlift ${words.join(' ')}`, said.join(''), `(exit code ${code})`);
  }

  /** Plans and starts what is wanted; what is a matter of policy only is acknowledged by name. Answers with the upgrade's id. */
  async start(version: string): Promise<string> {
    const plan = await this.#native.plan(this.id, version);
    const unanswered = plan.reports.filter((report) => report.result.kind === 'could-not-run');
    const acknowledge = [...new Set([...plan.findings, ...unanswered].map(({ check }) => check))].sort();
    await this.cli('upgrade', 'start', this.#name, version, ...acknowledge.flatMap((check) => ['--acknowledge', check]));
    return (await this.#native.latestUpgrade(this.id)).id;
  }

  /** Waits until it does not run any more, and tells what happened since the event of that number. */
  async ended(upgradeId: string, since = 0): Promise<number> {
    const { status, reason } = await this.#native.waitWhile(upgradeId, 'running', endTimeoutMs);
    const events = await this.#native.events(upgradeId, since);
    // Waits depend on how quick the machine is.
    const told = events.filter((event) => event.kind !== 'waiting').map((event) => `${event.kind.padEnd(9)} ${event.says}`);
    const because = reason === null ? [] : [`  ${reason.code}: ${reason.says}`, `  cleared by: ${reason.clearedBy}`];
    const evidence = (reason?.evidence ?? []).map((line) => `  | ${line}`);
    this.#say(`events of ${upgradeId}`, [...told, `=> ${status}`, ...because, ...evidence].join('\n'));
    return events.at(-1)?.seq ?? since;
  }

  /** What the public API of the face tells of the cluster. */
  async describe(): Promise<void> {
    const { status, version } = await new AliyunRig(this.#server).status(this.id);
    this.#say('DescribeInstance', `status ${status}, esVersion ${version}`);
  }

  async dryRun(version: string): Promise<void> {
    const items = await new AliyunRig(this.#server).dryRun(this.id, version);
    this.#say(
      `UpgradeEngineVersion, dryRun, ${version}`,
      items
        .map((item) => JSON.stringify(item))
        .sort()
        .join('\n'),
    );
  }

  #say(asked: string, ...answered: readonly string[]): void {
    this.#lines.push('', this.#masked(asked), ...answered.map((text) => this.#masked(text.trimEnd())));
  }

  #masked(text: string): string {
    return text
      .replaceAll(this.id, 'the-cluster')
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
        const known = this.#ids.get(id) ?? `id-${this.#ids.size + 1}`;
        this.#ids.set(id, known);
        return known;
      })
      .replaceAll(this.#server.keyId, 'the-key')
      .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d\d:\d\d:\d\d\b/g, 'TIME')
      .replace(/pid\[\d+\]/g, 'pid[PID]')
      .replace(/process \d{6,}/g, 'process PID')
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n');
  }
}

function shellWith(env: Shell['env'], sink: Shell['out']): Shell {
  return {
    env,
    out: sink,
    err: sink,
    readFile: () => Promise.reject(new Error('no story reads a file')),
    writeFile: () => Promise.reject(new Error('no story writes a file')),
    writePrivateFile: () => Promise.reject(new Error('no story writes a file')),
    readInput: async () => '',
    ask: async () => null,
    askSecret: async () => null,
    nodeProgram: 'node',
    probe: async () => null,
    now: () => new Date(),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    newToken: () => crypto.randomUUID(),
    onInterrupt: () => () => undefined,
  };
}
