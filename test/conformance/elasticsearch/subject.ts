import type { ElasticsearchRole, Http, Release } from '../../../src/domain/index.ts';
import { artefacts, launch } from '../../../src/engines/elasticsearch/index.ts';
import { createSimulatedHost, startSimulator } from '../../../src/simulators/elasticsearch/index.ts';
import { type RealCluster, startRealCluster, theCatalog } from '../../rig/real-cluster.ts';
import { eventually } from '../../rig/waiting.ts';
import { normalised, object, parsed, type Stand, type Told } from '../answers.ts';

const waitTimeoutMs = 120_000;
const stopTimeoutMs = 30_000;
const lookEveryMs = 250;
/** Of a simulated cluster: quick, and slow enough for what takes half a minute there to be seen. */
const speed = 50;

/** Two nodes, real or simulated: `n1` may be master and holds data, `n2` holds data alone. */
export class Subject {
  readonly kind: 'real' | 'fake';
  version: string;
  readonly #cluster: RealCluster;
  readonly #closeHost: () => Promise<void>;
  readonly #nodeIds = new Map<string, string>();

  constructor(kind: 'real' | 'fake', version: string, cluster: RealCluster, closeHost: () => Promise<void>) {
    this.kind = kind;
    this.version = version;
    this.#cluster = cluster;
    this.#closeHost = closeHost;
  }

  /** Asks a node, `n1` where none is named, as any client would. */
  async ask(method: string, path: string, body?: unknown, on = 'n1'): Promise<Told> {
    const url = this.#cluster.cluster.spec.nodes.find((node) => node.name === on)?.url ?? '';
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(waitTimeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const told = parsed(await response.text());
    this.#learnNames(told);
    return { status: response.status, body: normalised(told, this.#stands()) };
  }

  /** The body as it came, for what is compared within one run. */
  async raw(path: string, on = 'n1'): Promise<unknown> {
    const url = this.#cluster.cluster.spec.nodes.find((node) => node.name === on)?.url ?? '';
    return (await fetch(`${url}${path}`, { signal: AbortSignal.timeout(waitTimeoutMs) })).json();
  }

  async get(path: string, on = 'n1'): Promise<Told> {
    return this.ask('GET', path, undefined, on);
  }

  /** Asks until the answer is so. */
  async until(what: string, path: string, so: (body: Readonly<Record<string, unknown>>) => boolean, on = 'n1'): Promise<Told> {
    const look = async () => {
      const told = await this.get(path, on);
      if (so(object(told.body))) return told;
      throw new Error(JSON.stringify(told).slice(0, 400));
    };
    return eventually(what, waitTimeoutMs, look, this.kind === 'real' ? lookEveryMs : lookEveryMs / 10);
  }

  /** A request that must succeed for a situation to come about. */
  async must(method: string, path: string, body?: unknown): Promise<Told> {
    const told = await this.ask(method, path, body);
    if (told.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(told)}`);
    return told;
  }

  async stop(name: string): Promise<void> {
    const { host, cluster } = this.#cluster;
    const seen = await host.describe(cluster.id, name);
    if (seen.state !== 'running') throw new Error(`${name} is ${seen.state}`);
    const ended = await host.stop(this.#ticket(), name, seen.identity, stopTimeoutMs);
    if (ended.kind !== 'done') throw new Error(ended.says);
  }

  /** `first`: it may make the votes by which masters are elected from 7 on. */
  async start(name: string, version: string, purpose: 'first' | 'join' = 'join'): Promise<void> {
    const { host, cluster } = this.#cluster;
    const release: Release = { version, build: null };
    const signal = AbortSignal.timeout(waitTimeoutMs);
    const fetched = await host.prefetch(this.#ticket(), release, artefacts(theCatalog, release), signal);
    if (fetched.kind !== 'done') throw new Error(fetched.says);
    const started = await host.start(this.#ticket(), launch(cluster, theCatalog, name, release, { kind: purpose }));
    if (started.kind !== 'done') throw new Error(started.says);
  }

  /** A folder that snapshots may be written to. */
  get repositoryPath(): string {
    return this.#cluster.cluster.spec.repositoryPath ?? '';
  }

  async close(): Promise<void> {
    await this.#cluster.close();
    await this.#closeHost();
  }

  #ticket() {
    return { clusterId: this.#cluster.cluster.id, generation: 1 };
  }

  #learnNames(body: unknown): void {
    for (const [id, node] of Object.entries(object(object(body).nodes))) {
      const { name } = object(node);
      if (typeof name === 'string') this.#nodeIds.set(id, name);
    }
  }

  #stands(): readonly Stand[] {
    const { spec } = this.#cluster.cluster;
    const ids = [...this.#nodeIds].map(([id, name]): Stand => [id, `(id of ${name})`]);
    const ports = spec.nodes.flatMap((node): readonly Stand[] => [
      [`:${node.transportPort}`, `:(transport port of ${node.name})`],
      [`:${node.httpPort}`, `:(HTTP port of ${node.name})`],
    ]);
    return [...ids, ...ports, [spec.clusterName, '(cluster)'], [this.repositoryPath, '(repository)'], [uuid, '(id)']];
  }
}

/** What Elasticsearch makes of 16 random bytes. */
const uuid = /(?<![\w-])(?=[\w-]*[A-Z])[\w-]{22}(?![\w-])/g;

const roles = (position: number): readonly ElasticsearchRole[] => (position === 0 ? ['master', 'data', 'ingest'] : ['data']);
const shape = { size: 2, roles };

export async function realSubject(version: string, repositoryPath: string): Promise<Subject> {
  const cluster = await startRealCluster(version, { ...shape, spec: { repositoryPath } });
  const subject = new Subject('real', version, cluster, async () => undefined);
  await ready(subject);
  return subject;
}

export async function fakeSubject(version: string, seed: number): Promise<Subject> {
  const simulator = await startSimulator({ port: 0, seed, speed, nowMs: Date.now, portSeed: seed + process.pid });
  const http: Http = async ({ method, url, headers, body, timeoutMs }) => {
    const response = await fetch(url, {
      method,
      headers: headers ?? {},
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, body: await response.text() };
  };
  const host = createSimulatedHost({ url: simulator.url, http });
  try {
    const cluster = await startRealCluster(version, { ...shape, host, spec: { repositoryPath: '/simulated/snapshots' } });
    const subject = new Subject('fake', version, cluster, () => simulator.close());
    await ready(subject);
    return subject;
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

async function ready(subject: Subject): Promise<void> {
  await subject.until('both nodes are there', '/_cluster/health', (body) => body.number_of_nodes === 2);
  await subject.get('/_nodes');
}
