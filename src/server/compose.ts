import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { parse } from 'yaml';
import {
  advance,
  type Control,
  type ControlParts,
  controlLimits,
  createControl,
  createLookPace,
  createRehearsalCases,
  createTrials,
  createWakes,
  giveUp,
  type Loop,
  type RehearsalCases,
  startDurableLoop,
} from '../control/index.ts';
import type { ElasticsearchCatalog, Host, KubernetesCatalog, Log } from '../domain/index.ts';
import { elasticsearchEngine, parseCatalog } from '../engines/elasticsearch/index.ts';
import { kubernetesEngine, parseKubernetesCatalog } from '../engines/kubernetes/index.ts';
import { createProcessHost } from '../hosts/process/index.ts';
import { createSimulatedHost } from '../simulators/index.ts';
import {
  createSecretBox,
  openStore,
  type PostgresStore,
  readOrMakeSecretKey,
  startEmbeddedPostgres,
  takeMembersLock,
} from '../store/index.ts';
import { authenticationUrl } from './authentication-url.ts';
import { type Config, simulatedHostKey } from './config.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { withMirror } from './mirror.ts';
import { engineIo, http, newId, newName, newSecret, now, pause } from './outside.ts';
import { refuseRealClusters } from './refuse-real-clusters.ts';
import { spawnRehearsal } from './rehearsal/index.ts';
import { tellOfSimulatedClusters } from './simulated-left.ts';
import { superviseSimulator } from './simulator/index.ts';

export interface Composition {
  readonly control: Control;
  readonly rehearsals: RehearsalCases;
  readonly store: PostgresStore;
  readonly catalog: ElasticsearchCatalog;
  readonly kubernetesCatalog: KubernetesCatalog;
  readonly metrics: Metrics;
  /** Ends what is in hand, gives everything back, leaves clusters as they are. */
  close(): Promise<void>;
}

/** What a server hears from its process, and tells it. */
export interface Life {
  /** Aborted when the server is to end, be it while it starts: then nothing more is begun, and what is up is given back. */
  readonly ending: AbortSignal;
  /** It must not go on, with why. */
  readonly mustEnd: (because: string) => void;
}

/** Everything but listening. */
export async function compose(config: Config, log: Log, life: Life): Promise<Composition> {
  const open: Pile = [];
  const close = () => giveAllBack(open);
  try {
    const ground = await prepareGround(config, log, life, open);
    return { ...(await composeOn(config, log, life, ground, open)), close };
  } catch (error) {
    await close().catch((err: unknown) => log.warn({ err }, 'Not everything that was up could be given back.'));
    throw error;
  }
}

/** What comes up is put on the pile, and given back from its top. */
type Pile = (() => Promise<void>)[];

/** All of it, whatever goes wrong with one. */
async function giveAllBack(open: Pile): Promise<void> {
  const wrong: unknown[] = [];
  for (let giveBack = open.pop(); giveBack !== undefined; giveBack = open.pop())
    await giveBack().catch((error: unknown) => wrong.push(error));
  if (wrong.length > 0) throw wrong[0];
}

async function prepareGround(config: Config, log: Log, { ending, mustEnd }: Life, open: Pile): Promise<Ground> {
  await mkdir(config.stateDir, { recursive: true });
  const { catalog, kubernetesCatalog } = readCatalogs(config);
  const embedded = config.databaseUrl === null ? await startEmbeddedPostgres({ stateDir: config.stateDir, log }) : null;
  if (embedded !== null) open.push(() => embedded.stop());
  ending.throwIfAborted();
  const url = config.databaseUrl ?? embedded?.url ?? '';
  // A simulator belongs to one state folder: another server would know another world by the same name.
  const runsMembers = config.simulate || Object.values(config.hosts).some((host) => host.kind === 'process');
  const lock = await takeMembersLock(url, runsMembers, () => mustEnd('Another server has taken the database meanwhile.'));
  open.push(() => lock.release());
  ending.throwIfAborted();
  const box = createSecretBox(await readOrMakeSecretKey(config.secretKeyFile));
  const store = await openStore({ url, box, log, alone: embedded !== null });
  open.push(() => store.close());
  ending.throwIfAborted();
  await refuseForeignSecrets(store, config);
  const simulator = config.simulate ? await superviseSimulator({ stateDir: config.stateDir, log }) : null;
  if (simulator !== null) open.push(async () => simulator.leave());
  return { simulatorUrl: simulator?.url ?? null, catalog, kubernetesCatalog, alone: embedded !== null, url, store };
}

/** With another key than the one that sealed them, every request would fail: better not to start. */
async function refuseForeignSecrets(store: PostgresStore, { secretKeyFile }: Config): Promise<void> {
  const [first] = await store.listKeys();
  if (first === undefined) return;
  try {
    await store.getKey(first.id);
  } catch (cause) {
    throw new Error(
      `The secrets in this database were sealed with another key than ${secretKeyFile}. ` +
        'Copy the secret.key of the server that made them there, or name it with secretKeyFile.',
      { cause },
    );
  }
}

interface Ground {
  readonly catalog: ElasticsearchCatalog;
  readonly kubernetesCatalog: KubernetesCatalog;
  /** The embedded database is one server's: nobody else can be alive on it. */
  readonly alone: boolean;
  readonly url: string;
  readonly store: PostgresStore;
  /** Of the server's own simulated host; null: none. */
  readonly simulatorUrl: string | null;
}

async function composeOn(
  config: Config,
  log: Log,
  { ending }: Life,
  { catalog, kubernetesCatalog, alone, url, store, simulatorUrl }: Ground,
  open: Pile,
): Promise<Omit<Composition, 'close'>> {
  const closing = new AbortController();
  const metrics = createMetrics(store);
  const io = engineIo(hostsOf(config, simulatorUrl));
  const engines = {
    elasticsearch: { engine: elasticsearchEngine, catalog },
    kubernetes: { engine: kubernetesEngine, catalog: kubernetesCatalog },
  };
  if (config.simulate) await refuseRealClusters(store, engines, (host) => config.hosts[host]?.kind === 'process');
  else await tellOfSimulatedClusters(store, engines, (host) => io.hosts(host) !== undefined, log);
  const trials = createTrials({ store, engines, io, log, enabled: config.trials, closing: closing.signal });
  const wakes = createWakes(store, pause);
  const lift = { store, engines, io, log, trials, wakes, pace: createLookPace(pause), closing: closing.signal };
  // A server that is frozen within a transaction must not keep its locks from whoever takes over.
  const frozen = { idle_in_transaction_session_timeout: 5_000 };
  const pool = new pg.Pool({ connectionString: url, max: 8, application_name: 'clusterlift-journal', ...frozen });
  pool.on('error', (error) => log.debug({ err: error }, 'An idle connection of the journal broke.'));
  open.push(async () => {
    wakes.close();
    await pool.end();
  });
  const loop = await startDurableLoop({
    store,
    pool,
    log,
    now,
    pause,
    executorId: `${config.listen.port}-${newId()}`,
    alone,
    concurrency: config.upgradesAtOnce,
    retention: config.retention,
    advance: (upgradeId, generation) => timed(metrics, () => advance(lift, upgradeId, generation)),
    giveUp: (upgradeId, generation, error) => giveUp(lift, upgradeId, generation, error),
  });
  const parts: ControlParts & { readonly loop: Loop } = {
    store,
    engines,
    io,
    trials,
    log,
    loop,
    ...(config.simulate ? { madeOn: simulatedHostKey } : {}),
    newId,
    newName,
    newSecret,
    authenticationUrl: (clusterId) => authenticationUrl(config, clusterId),
    repositoryFolder: (clusterId) => join(config.stateDir, 'snapshots', clusterId),
  };
  const running = createControl(parts, closing.signal);
  const work: Promise<unknown>[] = [];
  open.push(async () => {
    closing.abort();
    await within(controlLimits.closeTimeoutMs, [loop.close(), running.idle(), trials.idle(), ...work]);
  });
  ending.throwIfAborted();
  await running.resume();
  work.push(resumeAgain(running.resume, closing.signal, log));
  const rehearsals = createRehearsalCases(parts, spawnRehearsal({ elasticsearch: catalog, kubernetes: kubernetesCatalog }, log));
  return { control: running.control, rehearsals, store, catalog, kubernetesCatalog, metrics };
}

/** Deletions whose grace is over, and whatever background work failed, are taken up again and again. */
async function resumeAgain(resume: () => Promise<void>, signal: AbortSignal, log: Log): Promise<void> {
  while (!signal.aborted) {
    await pause(controlLimits.sweepMs, signal);
    if (signal.aborted) return;
    await resume().catch((error: unknown) => log.warn({ err: error }, 'Looking for unfinished work failed; it is tried again.'));
  }
}

async function timed(metrics: Metrics, turn: () => ReturnType<typeof advance>): ReturnType<typeof advance> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  try {
    const end = await turn();
    metrics.turn(end, seconds());
    return end;
  } catch (error) {
    metrics.turn('threw', seconds());
    throw error;
  }
}

async function within(milliseconds: number, work: readonly Promise<unknown>[]): Promise<void> {
  const late = new AbortController();
  await Promise.race([Promise.allSettled(work), pause(milliseconds, late.signal)]);
  late.abort();
}

function hostsOf(config: Config, simulatorUrl: string | null): Readonly<Record<string, Host>> {
  const configured = Object.entries(config.hosts).map(([key, host]): [string, Host] => [
    key,
    host.kind === 'process'
      ? createProcessHost({
          stateDir: config.stateDir,
          cacheDir: config.cacheDir,
          javaHomes: config.javaHomes,
          downloads: config.downloads,
          nowMs: Date.now,
        })
      : createSimulatedHost({ url: host.url, http }),
  ]);
  const own = simulatorUrl === null ? {} : { [simulatedHostKey]: createSimulatedHost({ url: simulatorUrl, http }) };
  return { ...Object.fromEntries(configured), ...own };
}

function readCatalogs(config: Config): Pick<Ground, 'catalog' | 'kubernetesCatalog'> {
  const ours = (name: string) => fileURLToPath(new URL(`../../catalog/${name}.yaml`, import.meta.url));
  const catalog = readCatalog(
    config.elasticsearchCatalog ?? ours(config.simulate ? 'simulated-elasticsearch' : 'elasticsearch'),
    parseCatalog,
  );
  const kubernetesCatalog = readCatalog(
    config.kubernetesCatalog ?? ours(config.simulate ? 'simulated-kubernetes' : 'kubernetes'),
    parseKubernetesCatalog,
  );
  return { catalog: withMirror(catalog, config.artefactMirror), kubernetesCatalog };
}

type Parsed<C> =
  | { readonly kind: 'catalog'; readonly catalog: C }
  | { readonly kind: 'invalid'; readonly errors: readonly string[] };

function readCatalog<C>(path: string, parseIt: (value: unknown) => Parsed<C>): C {
  const result = parseIt(parse(readFileSync(path, 'utf8')));
  if (result.kind === 'invalid') throw new Error(`${path}: ${result.errors.join('; ')}`);
  return result.catalog;
}
