/** Trial starts in the background, few at a time, each question asked once. */
import { createHash } from 'node:crypto';
import {
  type Cluster,
  type ClusterSpec,
  catalogRelease,
  type EngineIo,
  edgesFrom,
  type Launch,
  type Log,
  type MemberTrial,
  type Release,
  releaseKey,
  type Store,
  sameRelease,
  showRelease,
  type TrialOutcome,
  type TrialRun,
  withBuildOf,
} from '../domain/index.ts';
import { fetchFor } from './keep-up.ts';
import { limits } from './limits.ts';
import { type ControlParts, engineOf, type Trials, type Urgency } from './parts.ts';
import { createLanes } from './trial-lanes.ts';

export interface TrialParts extends Pick<ControlParts, 'engines'> {
  readonly store: Pick<Store, 'getCluster' | 'listTrials' | 'putTrials' | 'unfinishedUpgrade'>;
  readonly io: EngineIo;
  readonly log: Log;
  /** False switches trials off everywhere. */
  readonly enabled: boolean;
  readonly closing: AbortSignal;
}

export interface TrialRunner extends Trials {
  /** Resolves when nothing is queued or running. */
  idle(): Promise<void>;
}

const offTag = 'clusterlift:trial';

/** Members whose trial says the same, on one host. */
interface Job {
  readonly cluster: Cluster;
  readonly release: Release;
  readonly hash: string;
  readonly host: string;
  readonly members: readonly string[];
  readonly urgency: Urgency;
}

export function createTrials(parts: TrialParts): TrialRunner {
  /** How often each could not be run, one after the other: what nobody waits for is tried more and more seldom. */
  const failures = new Map<string, number>();
  const lanes = createLanes<Job>({
    questionOf,
    atOnce: (host) => (parts.io.hosts(host)?.kind === 'simulated' ? limits.simulatedTrialsAtOnce : limits.trialsAtOnce),
    run,
    nowMs: () => Date.parse(parts.io.now()),
  });

  const retryMs = (job: Job, urgency = job.urgency): number =>
    urgency === 'now'
      ? limits.trialRetryMs
      : Math.min(limits.trialRetryMs * 2 ** Math.max(0, (failures.get(questionOf(job)) ?? 0) - 1), limits.trialRetryLongestMs);

  async function run(job: Job, giveWay: AbortSignal): Promise<void> {
    if (!(await stillWanted(parts, job, retryMs(job)))) return;
    const ended = await runJob(parts, job, giveWay);
    if (ended === 'could-not-run') failures.set(questionOf(job), (failures.get(questionOf(job)) ?? 0) + 1);
    else if (ended !== 'unknown') failures.delete(questionOf(job));
  }

  return {
    idle: lanes.idle,
    of: async (cluster, releases, urgency) => {
      const off = !parts.enabled || cluster.tags[offTag] === 'off';
      const known = off ? [] : await parts.store.listTrials(cluster.id);
      const jobs = await jobsOf(parts, cluster, releases, urgency);
      const now = parts.io.now();
      const trials: MemberTrial[] = [];
      for (const job of jobs) {
        const outcomes = job.members.map((member) => ({ member, outcome: off ? offOutcome : outcomeOf(known, job, member) }));
        trials.push(...outcomes.map(({ member, outcome }) => ({ key: keyOf(job, member), outcome })));
        if (!off && outcomes.some(({ outcome }) => shouldRun(outcome, now, retryMs(job)))) lanes.ask(job);
      }
      return trials;
    },
  };
}

/** What is asked, whoever waits for it. */
function questionOf(job: Job): string {
  return [job.cluster.id, job.host, job.hash].join(' ');
}

const offOutcome: TrialOutcome = { kind: 'off' };

function outcomeOf(known: Awaited<ReturnType<Store['listTrials']>>, job: Job, member: string): TrialOutcome {
  const row = known.find(
    ({ key }) => key.member === member && key.settingsHash === job.hash && sameRelease(key.release, job.release),
  );
  return row?.outcome ?? { kind: 'pending' };
}

/** One that is `running` and not in our hands was cut off: asked again, it is run again. */
function shouldRun(outcome: TrialOutcome, now: string, retryMs: number): boolean {
  if (outcome.kind === 'pending' || outcome.kind === 'running') return true;
  return outcome.kind === 'could-not-run' && Date.parse(now) - Date.parse(outcome.at) > retryMs;
}

function keyOf(job: Job, member: string): MemberTrial['key'] {
  return { clusterId: job.cluster.id, member, release: job.release, settingsHash: job.hash };
}

async function jobsOf(
  parts: TrialParts,
  cluster: Cluster,
  releases: readonly Release[],
  urgency: Urgency,
): Promise<readonly Job[]> {
  const { engine, catalog } = engineOf(parts, cluster);
  const jobs = new Map<string, Job>();
  for (const release of releases) {
    for (const { name, host } of engine.members(cluster).filter(({ foreign }) => foreign !== true)) {
      const text = engine.trialText(cluster, catalog, name, release) + (await ownersFiles(parts, cluster, name, host, release));
      const { java } = engine.launch(cluster, catalog, name, release, { kind: 'join' });
      const hash = hashOf(text, release, java);
      const key = `${host} ${hash}`;
      const job = jobs.get(key) ?? { cluster, release, hash, host, urgency, members: [] };
      jobs.set(key, { ...job, members: [...job.members, name] });
    }
  }
  return [...jobs.values()];
}

/** A trial that starts from files of the owner says something else once they have changed, and nothing about other members. */
async function ownersFiles(parts: TrialParts, cluster: Cluster, member: string, host: string, release: Release): Promise<string> {
  const { engine, catalog } = engineOf(parts, cluster);
  const { copies } = engine.launch(cluster, catalog, member, release, aTrial);
  const folders = copies.map((copy) => copy.from).filter((from) => from.startsWith('/'));
  const prints = await Promise.all(
    folders.map(async (folder) => [
      folder,
      await parts.io
        .hosts(host)
        ?.fingerprint?.(folder)
        .catch(() => undefined),
    ]),
  );
  return prints.length === 0 ? '' : JSON.stringify(prints);
}

const aTrial = { kind: 'trial', ports: [], enforceBootstrapChecks: false, archive: '' } as const;

function hashOf(text: string, release: Release, java: Launch['java']): string {
  return createHash('sha256')
    .update(JSON.stringify([text, releaseKey(release), java]))
    .digest('hex')
    .slice(0, 32);
}

/** Answered meanwhile, its cluster gone, or being lifted while it can wait: then it is not run. */
async function stillWanted(parts: TrialParts, job: Job, retryMs: number): Promise<boolean> {
  try {
    const cluster = await parts.store.getCluster(job.cluster.id);
    if (cluster === undefined || cluster.provisioning.state === 'deleting') return false;
    const known = await parts.store.listTrials(job.cluster.id);
    if (!job.members.some((member) => shouldRun(outcomeOf(known, job, member), parts.io.now(), retryMs))) return false;
    return job.urgency === 'now' || (await parts.store.unfinishedUpgrade(job.cluster.id)) === undefined;
  } catch (error) {
    parts.log.warn({ cluster: job.cluster.id, err: error }, 'A trial start is put off: the database does not answer.');
    return false;
  }
}

/** `unknown`: it was cut off, or its outcome could not be written. */
async function runJob(parts: TrialParts, job: Job, giveWay: AbortSignal): Promise<TrialRun['kind'] | 'unknown'> {
  if (parts.closing.aborted || giveWay.aborted) return 'unknown';
  const signal = AbortSignal.any([parts.closing, giveWay]);
  const about = { cluster: job.cluster.id, members: job.members, release: showRelease(job.release) };
  try {
    await put(parts, job, { kind: 'running', since: parts.io.now() });
    const run = await tryOut(parts, job, signal).catch((error): TrialRun => ({ kind: 'could-not-run', because: String(error) }));
    if (parts.closing.aborted) return 'unknown';
    if (giveWay.aborted && run.kind === 'could-not-run') {
      await put(parts, job, { kind: 'pending' });
      return 'unknown';
    }
    await put(parts, job, { ...run, at: parts.io.now() } as TrialOutcome);
    parts.log.info({ ...about, outcome: run.kind }, 'A trial start has ended.');
    return run.kind;
  } catch (error) {
    // The cluster was forgotten meanwhile, or the database is away: whoever asks again has it run again.
    parts.log.warn({ ...about, err: error }, 'The outcome of a trial start could not be written.');
    return 'unknown';
  }
}

async function tryOut(parts: TrialParts, job: Job, signal: AbortSignal): Promise<TrialRun> {
  const { engine, catalog } = engineOf(parts, job.cluster);
  const host = parts.io.hosts(job.host);
  const [member] = job.members;
  if (host === undefined || member === undefined)
    return { kind: 'could-not-run', because: `Host ${job.host} is not configured.` };
  const ticket = { clusterId: job.cluster.id, generation: await host.generationOf(job.cluster.id) };
  const launch = engine.launch(job.cluster, catalog, member, job.release, {
    kind: 'trial',
    ports: await host.freePorts(engine.trialPorts),
    enforceBootstrapChecks: !isLoopback(job.cluster.spec),
    archive: '',
  });
  const told = (says: string) => parts.log.info({ cluster: job.cluster.id }, says);
  const unfetched = await fetchFor(host, ticket, launch, signal, told);
  if (unfetched !== null) return { kind: 'could-not-run', because: unfetched };
  const limit = { timeoutMs: limits.trialTimeoutMs, minFreeMemoryBytes: limits.trialMinFreeMemoryBytes };
  return host.trial(launch, limit, signal);
}

async function put(parts: TrialParts, job: Job, outcome: TrialOutcome): Promise<void> {
  await parts.store.putTrials(
    job.members.map((member) => keyOf(job, member)),
    outcome,
  );
}

/** On loopback a node does not enforce its bootstrap checks, so its trial does not either. */
function isLoopback(spec: ClusterSpec): boolean {
  if (spec.kind !== 'elasticsearch') return true;
  const address = spec.bindAddress;
  return address === 'localhost' || address === '::1' || address === '_local_' || /^127\./.test(address);
}

/** The releases that one step may lead to: worth trying before anybody asks. */
export function nextReleases(parts: Pick<ControlParts, 'engines'>, cluster: Cluster): readonly Release[] {
  const { catalog } = engineOf(parts, cluster);
  const { release } = cluster.spec;
  const builds = catalogRelease(catalog, release.version)?.builds ?? [];
  const edges = edgesFrom(catalog, release.version).map((edge) => withBuildOf(catalog, release, edge.to));
  const rolls = builds.map((build) => ({ version: release.version, build: build.id }));
  return [...edges, ...rolls.filter((roll) => roll.build !== release.build)];
}
