/** Makes a cluster that was written down: its artefacts fetched, its members started, until all have joined. */
import type { Cluster, Host, Ticket } from '../domain/index.ts';
import { endMembers } from './end-members.ts';
import { fetchFor, form } from './keep-up.ts';
import { limits } from './limits.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { nextReleases } from './trials.ts';
import { withinTime } from './within-time.ts';

/**
 * Starts every member and waits until all have joined. Safe to run again from its beginning. What was begun of one that could
 * not be made is ended before that is written down: cut off in between, it is made, and ended, once more.
 */
export async function provision(parts: ControlParts, clusterId: string, closing: AbortSignal): Promise<void> {
  const cluster = await parts.store.getCluster(clusterId);
  if (cluster?.provisioning.state !== 'creating') return;
  const because = await attemptsToStart(parts, cluster, closing);
  if (closing.aborted || !(await stillWanted(parts, clusterId))) return;
  const left = because === null ? [] : await endMembers(parts, cluster, closing);
  if (closing.aborted) return;
  const provisioning =
    because === null ? ({ state: 'ready' } as const) : ({ state: 'failed', because: [because, ...left].join('\n') } as const);
  const ready = await parts.store.updateCluster(clusterId, { provisioning }, parts.io.now());
  if (ready === undefined) return;
  parts.log.info({ cluster: clusterId, because }, because === null ? 'A cluster is ready.' : 'A cluster could not be made.');
  if (because === null) await parts.trials.of(ready, nextReleases(parts, ready), 'ahead');
}

/** Somebody may remove a cluster while it is made. */
async function stillWanted(parts: ControlParts, clusterId: string): Promise<boolean> {
  return (await parts.store.getCluster(clusterId))?.provisioning.state === 'creating';
}

/** As `startMembers`; what throws time and again is a reason, too: nobody would ever hear of it otherwise. */
async function attemptsToStart(parts: ControlParts, cluster: Cluster, closing: AbortSignal): Promise<string | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startMembers(parts, cluster, closing);
    } catch (error) {
      if (closing.aborted) throw error;
      parts.log.warn({ cluster: cluster.id, attempt, err: error }, 'Making a cluster went wrong.');
      if (attempt === limits.provisionAttempts) return error instanceof Error ? error.message : String(error);
      await parts.io.pause(limits.provisionRetryMs, closing);
    }
  }
}

/** Null when all have joined, or nobody wants them any more; else why not. */
async function startMembers(parts: ControlParts, cluster: Cluster, closing: AbortSignal): Promise<string | null> {
  const { engine } = engineOf(parts, cluster);
  const missing = engine.members(cluster).find(({ host }) => parts.io.hosts(host) === undefined);
  if (missing !== undefined) return `Host ${missing.host} is not configured on this server.`;
  const tell = teller(parts, cluster);
  const unfetched = await fetchAll(parts, cluster, tell, closing);
  if (unfetched !== null) return unfetched;
  if (engine.upkeep !== undefined)
    return form(parts, cluster, { stillWanted: () => stillWanted(parts, cluster.id), tell, closing });
  for (const { host, ticket, launch } of await launchesOf(parts, cluster)) {
    if (closing.aborted || !(await stillWanted(parts, cluster.id))) return null;
    const started = await host.start(ticket, launch);
    if (started.kind === 'failed' || (started.kind === 'refused' && started.because !== 'already-running'))
      return [started.says, ...('lastLines' in started ? started.lastLines : [])].join('\n');
  }
  return withinTime(limits.provisionTimeoutMs, closing, (signal) => waitForAll(parts, cluster, signal));
}

/** Shows what the making of a cluster waits for, or how far it is. False: nobody wants the cluster any more. */
type Tell = (says: string | null) => Promise<boolean>;

function teller(parts: ControlParts, { id: clusterId, provisioning: before }: Cluster): Tell {
  // What a server that ended had told would be told for ever otherwise.
  let last = before.state === 'creating' ? (before.says ?? null) : null;
  return async (says) => {
    if (says === last) return true;
    last = says;
    if (says !== null) parts.log.info({ cluster: clusterId }, says);
    const provisioning = { state: 'creating', ...(says === null ? {} : { says }) } as const;
    return (await parts.store.updateCluster(clusterId, { provisioning }, parts.io.now())) !== undefined;
  };
}

interface ToLaunch {
  readonly host: Host;
  readonly ticket: Ticket;
  readonly launch: Parameters<Host['start']>[1];
}

async function launchesOf(parts: ControlParts, cluster: Cluster): Promise<readonly ToLaunch[]> {
  const { engine, catalog } = engineOf(parts, cluster);
  return Promise.all(
    engine.members(cluster).map(async ({ name, host: key }) => {
      const host = parts.io.hosts(key);
      if (host === undefined) throw new Error(`host ${key} is not configured on this server`);
      const ticket = { clusterId: cluster.id, generation: await host.generationOf(cluster.id) };
      return { host, ticket, launch: engine.launch(cluster, catalog, name, cluster.spec.release, { kind: 'first' }) };
    }),
  );
}

/** Null when everything lies ready, or nobody wants it any more; else why not. */
async function fetchAll(parts: ControlParts, cluster: Cluster, tell: Tell, closing: AbortSignal): Promise<string | null> {
  const unwanted = new AbortController();
  // One after the other, and none is left behind: what is told later must not be overwritten by what was told before.
  let telling: Promise<void> = Promise.resolve();
  const told = (says: string) => {
    telling = telling
      .then(async () => {
        if (!(await tell(says))) unwanted.abort();
      })
      .catch((err: unknown) => parts.log.debug({ cluster: cluster.id, err }, 'How far a cluster is could not be written down.'));
  };
  return withinTime(limits.fetchTimeoutMs, AbortSignal.any([closing, unwanted.signal]), async (signal) => {
    for (const { host, ticket, launch } of await launchesOf(parts, cluster)) {
      const unfetched = await fetchFor(host, ticket, launch, signal, told);
      await telling;
      if (unwanted.signal.aborted) return null;
      if (unfetched !== null) return unfetched;
    }
    await tell(null);
    return null;
  });
}

async function waitForAll(parts: ControlParts, cluster: Cluster, signal: AbortSignal): Promise<string | null> {
  const { engine, catalog } = engineOf(parts, cluster);
  for (;;) {
    const observation = await engine.observe(cluster, catalog, parts.io, 'turn');
    if (observation.members.every((member) => member.joined !== null)) return null;
    const dead = observation.members.find((member) => member.process.state === 'stopped');
    if (dead?.process.state === 'stopped')
      return [`${dead.name} ended instead of coming up.`, ...dead.process.lastLines].join('\n');
    if (signal.aborted) return `Its nodes have not come together within ${limits.provisionTimeoutMs / 60_000} minutes.`;
    if (!(await stillWanted(parts, cluster.id))) return null;
    await parts.io.pause(limits.provisionLookMs, signal);
  }
}
