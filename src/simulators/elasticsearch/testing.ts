/** For tests: a simulator on a seed that is shown, and the loop observe, decide, perform in its plainest form for an engine that the test brings. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import {
  type ElasticsearchCatalog,
  type ElasticsearchCluster,
  type ElasticsearchSpec,
  type Engine,
  type EngineIo,
  emptyLedger,
  type Hop,
  type Http,
  type Intent,
  type Ledger,
  type MakerIo,
  type Move,
  type Plan,
  type SeenElasticsearch,
} from '../../domain/index.ts';
import { createSimulatedHost, type Simulator, startSimulator } from './index.ts';

export const seed = Number(process.env.CLUSTERLIFT_SEED ?? Math.floor(Math.random() * 1_000_000));

export async function aSimulator(speed = 200): Promise<Simulator> {
  console.info(`CLUSTERLIFT_SEED=${seed}`);
  return startSimulator({ port: 0, seed, speed, nowMs: Date.now, portSeed: seed + process.pid });
}

export const http: Http = async ({ method, url, headers, body, timeoutMs }) => {
  const response = await fetch(url, {
    method,
    headers: headers ?? {},
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: await response.text() };
};

const none = () => Promise.reject(new Error('no certificate is made here'));

export function ioOf(simulator: Simulator): MakerIo {
  const host = createSimulatedHost({ url: simulator.url, http });
  return {
    http,
    hosts: (key) => (key === 'simulated' ? host : undefined),
    now: () => new Date().toISOString(),
    pause: async (milliseconds) => {
      await sleep(milliseconds);
    },
    certificates: { authority: none, issue: none, signingKeys: none },
  };
}

/** The catalog as it is in its file. */
export function catalogFile(): unknown {
  const file = fileURLToPath(new URL('../../../catalog/elasticsearch.yaml', import.meta.url));
  return parse(readFileSync(file, 'utf8'));
}

export function declared(spec: ElasticsearchSpec): ElasticsearchCluster {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    id: `es-cn-${spec.clusterName}`,
    engine: 'elasticsearch',
    origin: 'registered',
    name: spec.clusterName,
    description: '',
    account: '100000000000',
    region: 'local',
    tags: {},
    spec,
    secrets: {},
    createdAt: at,
    updatedAt: at,
    provisioning: { state: 'ready' },
    deleteAfter: null,
  };
}

export function planOf(cluster: ElasticsearchCluster, versions: readonly string[]): Plan {
  const releases = versions.map((version) => ({ version, build: null }));
  const hops = releases.slice(1).map((to, position): Hop => {
    const from = releases[position] ?? to;
    return { from, to, mode: 'rolling', requires: [], oneWayDoors: [] };
  });
  return {
    id: 'plan',
    clusterId: cluster.id,
    engine: 'elasticsearch',
    from: releases[0] ?? cluster.spec.release,
    to: releases.at(-1) ?? cluster.spec.release,
    hops: hops.map((hop) => ({ hop, waves: [], estimateSeconds: 0, oneWayDoors: [] })),
    reports: [],
    findings: [],
    touches: [],
    estimateSeconds: 0,
    basis: '',
    gateAfterFirstMember: false,
    madeAt: '2026-01-01T00:00:00.000Z',
    madeBy: 'test',
  };
}

/** What the processes of a cluster became known to its host as. */
export async function adoptAll(cluster: ElasticsearchCluster, simulator: Simulator, io: EngineIo): Promise<void> {
  for (const { name } of cluster.spec.nodes) {
    const { pid, release } = simulator.node(name);
    const adopted = await io.hosts('simulated')?.adopt({ clusterId: cluster.id, generation: 0 }, name, pid, release);
    if (adopted?.kind !== 'done') throw new Error(adopted?.says ?? 'there is no simulated host');
  }
}

export interface LiftEnd {
  readonly move: Exclude<Move, { do: 'act' } | { do: 'wait' }>;
  readonly acts: readonly string[];
  readonly waves: readonly (readonly string[])[];
}

const liftTimeoutMs = 60_000;

export interface Lifted {
  readonly engine: Engine<SeenElasticsearch>;
  readonly catalog: ElasticsearchCatalog;
  readonly cluster: ElasticsearchCluster;
  readonly plan: Plan;
  readonly io: MakerIo;
}

/** Turn after turn until the end; nothing is stored and nothing is killed. */
export async function lift({ engine, catalog, cluster, plan, io }: Lifted, intent: Intent = 'go'): Promise<LiftEnd> {
  const generation = 1;
  const acts: string[] = [];
  const waves: (readonly string[])[] = [];
  const deadline = performance.now() + liftTimeoutMs;
  let ledger: Ledger = { ...emptyLedger, generation };
  while (performance.now() < deadline) {
    const observation = await engine.observe(cluster, catalog, io, 'turn');
    const trials = cluster.spec.nodes.flatMap(({ name }) =>
      plan.hops.map(({ hop }) => ({
        key: { clusterId: cluster.id, member: name, release: hop.to, settingsHash: '' },
        outcome: { kind: 'off' as const },
      })),
    );
    const input = { cluster, catalog, plan, observation, ledger, intent, generation, trials, now: io.now() };
    const decision = engine.decide(input);
    const { move } = decision;
    ledger = decision.ledger;
    if (move.do === 'wait') {
      await io.pause(Math.min(move.lookAgainAfterMs, 20));
      continue;
    }
    if (move.do !== 'act') return { move, acts, waves };
    const names = move.on.map((identity) => identity.name);
    acts.push([move.move, ...names].join(' '));
    if (move.move === 'lift-member') waves.push(names);
    const ticket = { clusterId: cluster.id, generation };
    const signal = AbortSignal.timeout(liftTimeoutMs);
    const ended = await engine.perform(move, { cluster, catalog, plan, ledger, ticket, signal }, io);
    if (ended.kind === 'done') ledger = { ...ledger, marks: [...ledger.marks, ...(move.marksWhenDone ?? [])] };
  }
  throw new Error(`not lifted within ${liftTimeoutMs} ms; so far: ${acts.join(', ')}`);
}
