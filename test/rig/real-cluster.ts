/** A real cluster of real nodes on this machine, made with the process host, and the loop that lifts it, without a server. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'yaml';
import {
  type Catalog,
  type Cluster,
  type Decision,
  type ElasticsearchNodeSpec,
  type EngineIo,
  emptyLedger,
  findRoute,
  type Host,
  type Ledger,
  type MemberTrial,
  type Plan,
  type Release,
} from '../../src/domain/index.ts';
import {
  artefacts,
  decide,
  launch,
  observe,
  parseCatalog,
  perform,
  planHops,
  releaseOf,
} from '../../src/engines/elasticsearch/index.ts';
import { createProcessHost } from '../../src/hosts/process/index.ts';

const startTimeoutMs = 180_000;
const turnsMax = 5_000;

export const theCatalog: Catalog = (() => {
  const result = parseCatalog(parse(readFileSync('catalog/elasticsearch.yaml', 'utf8')));
  if (result.kind === 'invalid') throw new Error(result.errors.join('; '));
  return result.catalog;
})();

export function cacheDir(): string {
  const root = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache');
  return process.env.CLUSTERLIFT_CACHE_DIR ?? join(root, 'clusterlift');
}

export interface RealCluster {
  readonly cluster: Cluster;
  readonly host: Host;
  readonly io: EngineIo;
  readonly stateDir: string;
  readonly urls: readonly string[];
  close(): Promise<void>;
}

export interface LiftEnd {
  readonly last: Decision;
  readonly acts: readonly string[];
  readonly waits: readonly string[];
  readonly remarks: readonly string[];
}

/** Starts `size` nodes at a release and waits until all have joined. */
export async function startRealCluster(
  version: string,
  change: { size?: number; build?: string; spec?: Partial<Cluster['spec']> } = {},
): Promise<RealCluster> {
  const stateDir = mkdtempSync(join(tmpdir(), 'clusterlift-real-'));
  // Members run unprivileged where we are root, and must get through to their folders.
  chmodSync(stateDir, 0o755);
  const host = createProcessHost({ stateDir, cacheDir: cacheDir(), javaHomes: [], nowMs: Date.now });
  const size = change.size ?? 3;
  const ports = await host.freePorts(size * 2);
  const nodes = Array.from({ length: size }, (_, index): ElasticsearchNodeSpec => {
    const httpPort = ports[index * 2] ?? 0;
    return {
      name: `n${index + 1}`,
      host: 'local',
      url: `http://127.0.0.1:${httpPort}`,
      httpPort,
      transportPort: ports[index * 2 + 1] ?? 0,
      zone: null,
      roles: ['master', 'data', 'ingest'],
      heapMb: 256,
      settingsFileOwner: 'clusterlift',
      folders: null,
    };
  });
  const cluster = describeCluster({ version, build: change.build ?? null }, nodes, change.spec ?? {});
  const io: EngineIo = {
    hosts: (key) => (key === 'local' ? host : undefined),
    now: () => new Date().toISOString(),
    pause: (milliseconds) => pause(milliseconds),
    http: async ({ method, url, headers, body, timeoutMs }) => {
      const response = await fetch(url, {
        method,
        headers: headers ?? {},
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, body: await response.text() };
    },
  };
  const real: RealCluster = { cluster, host, io, stateDir, urls: nodes.map((node) => node.url), close: () => closeCluster(real) };
  try {
    await startMembers(real);
  } catch (error) {
    await real.close();
    throw error;
  }
  return real;
}

async function startMembers({ cluster, host, io }: RealCluster): Promise<void> {
  const ticket = { clusterId: cluster.id, generation: 1 };
  const { release } = cluster.spec;
  await must(host.prefetch(ticket, release, artefacts(theCatalog, release), AbortSignal.timeout(startTimeoutMs)));
  for (const node of cluster.spec.nodes)
    await must(host.start(ticket, launch(cluster, theCatalog, node.name, release, { kind: 'first' })));
  await eventually(startTimeoutMs, async () => {
    const seen = await observe(cluster, theCatalog, io);
    return seen.members.every((member) => member.joined !== null);
  });
}

/** Waits for a condition with a deadline; what it last threw is shown when the time is up. */
export async function eventually(timeoutMs: number, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`it did not come true within ${timeoutMs / 1000} s`);
    await pause(250);
  }
}

async function must(result: ReturnType<Host['start']>): Promise<void> {
  const ended = await result;
  if (ended.kind !== 'done') throw new Error(`${ended.says} ${'lastLines' in ended ? ended.lastLines.join(' / ') : ''}`);
}

async function closeCluster({ cluster, host, stateDir }: RealCluster): Promise<void> {
  const generation = (await host.generationOf(cluster.id)) + 1;
  await Promise.all(cluster.spec.nodes.map((node) => host.erase({ clusterId: cluster.id, generation }, node.name)));
  rmSync(stateDir, { recursive: true, force: true });
}

/** A plan along the catalog's route, from what the cluster runs. */
export async function planTo({ cluster, io }: RealCluster, to: Release): Promise<Plan> {
  const observation = await observe(cluster, theCatalog, io);
  const from = releaseOf(observation);
  if (from === null) throw new Error('the cluster is not there');
  const route = findRoute(theCatalog, from, to);
  if (route.kind !== 'route') throw new Error(`no route: ${route.kind}`);
  const hops = planHops(cluster, theCatalog, observation, route.hops);
  return {
    id: 'plan',
    clusterId: cluster.id,
    engine: 'elasticsearch',
    from,
    to,
    hops,
    reports: [],
    findings: [],
    touches: [],
    estimateSeconds: 0,
    basis: '',
    gateAfterFirstMember: false,
    madeAt: io.now(),
    madeBy: 'test',
  };
}

/** Trial starts of one member for every release of a plan; members of these clusters differ in name and ports only. */
export async function runTrials({ cluster, host, io }: RealCluster, plan: Plan): Promise<readonly MemberTrial[]> {
  const trials: MemberTrial[] = [];
  for (const { hop } of plan.hops) {
    await must(
      host.prefetch(
        { clusterId: cluster.id, generation: await host.generationOf(cluster.id) },
        hop.to,
        artefacts(theCatalog, hop.to),
        AbortSignal.timeout(startTimeoutMs),
      ),
    );
    const [httpPort = 0, transportPort = 0] = await host.freePorts(2);
    const purpose = { kind: 'trial', httpPort, transportPort, enforceBootstrapChecks: false, archive: '' } as const;
    const ended = await host.trial(
      launch(cluster, theCatalog, 'n1', hop.to, purpose),
      { timeoutMs: startTimeoutMs, minFreeMemoryBytes: 512e6 },
      AbortSignal.timeout(startTimeoutMs),
    );
    const at = io.now();
    const outcome =
      ended.kind === 'passed'
        ? { ...ended, at }
        : ended.kind === 'refused'
          ? { kind: ended.kind, lastLines: ended.lastLines, at }
          : { ...ended, at };
    trials.push(
      ...cluster.spec.nodes.map((node) => ({
        key: { clusterId: cluster.id, member: node.name, release: hop.to, settingsHash: '' },
        outcome,
      })),
    );
  }
  return trials;
}

/** Turns of observe, decide, act until the end. */
export async function lift(
  { cluster, io }: RealCluster,
  plan: Plan,
  trials: readonly MemberTrial[],
  options: { ledger?: Ledger; generation?: number; onAct?: (act: string) => void } = {},
): Promise<LiftEnd> {
  const generation = options.generation ?? 2;
  let ledger = options.ledger ?? emptyLedger;
  const acts: string[] = [];
  const waits: string[] = [];
  const remarks: string[] = [];
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const observation = await observe(cluster, theCatalog, io);
    const decision = decide({
      cluster,
      catalog: theCatalog,
      plan,
      observation,
      ledger,
      intent: 'go',
      generation,
      trials,
      now: io.now(),
    });
    ledger = decision.ledger;
    remarks.push(...decision.remarks);
    const { move } = decision;
    if (move.do === 'wait') {
      if (waits.at(-1) !== move.for.code) waits.push(move.for.code);
      await pause(move.lookAgainAfterMs);
    } else if (move.do === 'act') {
      const ended = await perform(
        move,
        {
          cluster,
          catalog: theCatalog,
          plan,
          ledger,
          ticket: { clusterId: cluster.id, generation },
          signal: AbortSignal.timeout(startTimeoutMs),
        },
        io,
      );
      const act = `${move.move} ${move.on.map((identity) => identity.name).join(',')}`.trim();
      acts.push(act);
      options.onAct?.(`${act}: ${ended.kind}, ${ended.says}`);
    } else {
      return { last: decision, acts, waits, remarks };
    }
  }
  throw new Error(`the lift did not end: ${acts.slice(-5).join('; ')}`);
}

function describeCluster(release: Release, nodes: readonly ElasticsearchNodeSpec[], change: Partial<Cluster['spec']>): Cluster {
  const at = new Date().toISOString();
  return {
    id: `es-cn-${Math.random().toString(36).slice(2, 10)}`,
    engine: 'elasticsearch',
    origin: 'created',
    name: 'real',
    description: '',
    account: 'test',
    region: 'local',
    tags: {},
    secrets: {},
    createdAt: at,
    updatedAt: at,
    provisioning: { state: 'ready' },
    deleteAfter: null,
    spec: {
      kind: 'elasticsearch',
      clusterName: `real-${Math.random().toString(36).slice(2, 8)}`,
      nodes,
      release,
      settings: {},
      awarenessAttribute: null,
      bindAddress: '127.0.0.1',
      repositoryPath: null,
      username: null,
      hooks: { preStop: null, postStart: null },
      gateAfterFirstMember: false,
      ...change,
    },
  };
}
