import type { Caller, Cluster } from '../domain/index.ts';
import type { CreateResult, NewCluster } from './control.ts';
import { clusterFrom, isNamed, newClusterId, releaseTroubles, troubles } from './describe-cluster.ts';
import { fetchFor, form } from './keep-up.ts';
import { limits } from './limits.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { hostsOf, markedSimulated, placed } from './placement.ts';
import { nextReleases } from './trials.ts';

/** Writes the cluster down and answers; `provision` makes it, now or after a restart. */
export async function createCluster(parts: ControlParts, caller: Caller, asked: NewCluster): Promise<CreateResult> {
  const engineName = asked.spec.kind;
  const request = markedSimulated(parts, { ...asked, spec: placed(asked.spec, parts.madeOn) });
  const id = request.id ?? newClusterId(parts, engineName);
  const wrong = [
    ...troubles(parts, request.spec),
    ...releaseTroubles(parts, { engine: engineName, spec: request.spec }),
    ...(await troublesWithTags(parts, request)),
  ];
  if (wrong.length > 0) return { kind: 'refused', because: wrong };
  const others = await parts.store.listClusters(null);
  if (others.some((other) => isNamed(other, { ...request, caller, engine: engineName }))) return { kind: 'name-taken' };
  const drafted = await engineOf(parts, { engine: engineName }).engine.draft(
    {
      clusterId: id,
      spec: request.spec,
      others: others.map((other) => other.spec),
      repositoryFolder: parts.repositoryFolder(id),
      authenticationUrl: parts.authenticationUrl(id),
    },
    parts.io,
  );
  if (drafted.kind === 'refused') return drafted;
  const cluster = clusterFrom(
    parts,
    caller,
    { ...request, spec: drafted.spec, secrets: { ...request.secrets, ...drafted.secrets } },
    { origin: 'created', provisioning: { state: 'creating' }, id },
  );
  if ((await parts.store.insertCluster(cluster)) === 'name-taken') return { kind: 'name-taken' };
  return { kind: 'creating', cluster };
}

/** What its hosts cannot heed. */
async function troublesWithTags(parts: ControlParts, { spec, tags }: NewCluster): Promise<readonly string[]> {
  const hosts = hostsOf(spec).map((key) => parts.io.hosts(key));
  const troubles = await Promise.all(hosts.map((host) => host?.troublesWithTags?.(spec.kind, tags) ?? []));
  return [...new Set(troubles.flat())];
}

/** Starts every member and waits until all have joined. Safe to run again from its beginning. */
export async function provision(parts: ControlParts, clusterId: string, closing: AbortSignal): Promise<void> {
  const cluster = await parts.store.getCluster(clusterId);
  if (cluster?.provisioning.state !== 'creating') return;
  const because = await attemptsToStart(parts, cluster, closing);
  if (closing.aborted || !(await stillWanted(parts, clusterId))) return;
  const provisioning = because === null ? ({ state: 'ready' } as const) : ({ state: 'failed', because } as const);
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
  const { engine, catalog } = engineOf(parts, cluster);
  const { release } = cluster.spec;
  const signal = AbortSignal.any([closing, AbortSignal.timeout(limits.provisionTimeoutMs)]);
  for (const { name, host: key } of engine.members(cluster)) {
    const host = parts.io.hosts(key);
    if (host === undefined) return `Host ${key} is not configured on this server.`;
    const ticket = { clusterId: cluster.id, generation: await host.generationOf(cluster.id) };
    const launch = engine.launch(cluster, catalog, name, release, { kind: 'first' });
    const unfetched = await fetchFor(host, ticket, launch, signal);
    if (unfetched !== null) return unfetched;
    if (engine.upkeep !== undefined) continue;
    if (closing.aborted || !(await stillWanted(parts, cluster.id))) return null;
    const started = await host.start(ticket, launch);
    if (started.kind === 'failed' || (started.kind === 'refused' && started.because !== 'already-running'))
      return [started.says, ...('lastLines' in started ? started.lastLines : [])].join('\n');
  }
  if (engine.upkeep !== undefined) return form(parts, cluster, () => stillWanted(parts, cluster.id), signal);
  return waitForAll(parts, cluster, signal);
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
