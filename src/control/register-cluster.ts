import type { Caller, Cluster, Observation } from '../domain/index.ts';
import { awaitedBy } from './awaited.ts';
import type { RegisterRequest, RegisterResult } from './control.ts';
import { clusterFrom, isNamed, newClusterId, releaseTroubles, troubles } from './describe-cluster.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { nextReleases } from './trials.ts';

type Refused = Exclude<RegisterResult, { kind: 'registered' }>;

/** Looks at a cluster that exists, takes its processes under our care, and remembers it. Nothing of it is changed. */
export async function registerCluster(parts: ControlParts, caller: Caller, request: RegisterRequest): Promise<RegisterResult> {
  const wrong = troubles(parts, request.spec);
  if (wrong.length > 0) return { kind: 'refused', because: wrong };
  const declared = await placeFor(parts, caller, request);
  if ('kind' in declared) return declared;
  const { engine, catalog } = engineOf(parts, declared);
  const observation = await engine.observe(declared, catalog, parts.io, 'plan');
  const missing = notAsDeclared(declared, observation);
  if (missing.length > 0) return { kind: 'refused', because: missing };
  const adopted = engine.adoption(declared, observation);
  if (adopted.missing.length > 0) return { kind: 'refused', because: adopted.missing };
  const release = engine.releaseOf(observation) ?? declared.spec.release;
  const cluster = { ...declared, spec: { ...adopted.spec, release } };
  const unknown = releaseTroubles(parts, cluster);
  if (unknown.length > 0) return { kind: 'refused', because: unknown };
  const { untaken, remarks } = await takeProcesses(parts, cluster, observation, adopted.processIds);
  if (untaken.length > 0) return { kind: 'refused', because: untaken };
  const kept = await keep(parts, cluster, request);
  if ('kind' in kept) return kept;
  await parts.trials.of(kept, nextReleases(parts, kept), 'ahead');
  return { kind: 'registered', cluster: kept, remarks: [...observation.unknowns, ...remarks] };
}

/** The row that is to be: a new one, or that of the cluster which was awaited with the code. */
async function placeFor(
  parts: ControlParts,
  caller: Caller,
  { activationCode, ...request }: RegisterRequest,
): Promise<Cluster | Refused> {
  if (activationCode === undefined) {
    const others = await parts.store.listClusters(caller.account);
    const named = { ...request, caller, engine: request.spec.kind };
    if (others.some((other) => isNamed(other, named))) return { kind: 'name-taken' };
    const id = request.id ?? newClusterId(parts, request.spec.kind);
    const own = { origin: 'registered', provisioning: { state: 'ready' }, id } as const;
    return clusterFrom(parts, caller, request, own);
  }
  const awaited = await awaitedBy(parts, caller, activationCode);
  if (awaited === undefined || awaited.spec.kind !== 'kubernetes') return codeRefused;
  if (request.spec.kind !== 'kubernetes')
    return { kind: 'refused', because: ['An activation code is for a cluster of Kubernetes.'] };
  // Policies were asked about the name that the request has.
  if (request.name !== awaited.name)
    return { kind: 'refused', because: [`name: the cluster was registered as ${awaited.name}; give that name.`] };
  const { spec, secrets, description } = request;
  return {
    ...awaited,
    description,
    spec: { ...spec, face: awaited.spec.face },
    secrets,
    provisioning: { state: 'ready' },
  };
}

const codeRefused = {
  kind: 'refused',
  because: ['No cluster is awaited with this activation code: it is wrong, was used already, or its time is over.'],
} as const;

async function keep(parts: ControlParts, cluster: Cluster, { activationCode }: RegisterRequest): Promise<Cluster | Refused> {
  if (activationCode === undefined)
    return (await parts.store.insertCluster(cluster)) === 'name-taken' ? { kind: 'name-taken' } : cluster;
  const kept = await parts.store.fulfilAwaited(cluster.id, cluster, parts.io.now());
  return kept ?? codeRefused;
}

function notAsDeclared({ engine }: Cluster, observation: Observation<unknown>): readonly string[] {
  if (observation.cluster.kind === 'unreachable') return [`The cluster cannot be reached: ${observation.cluster.because}`];
  const away = observation.members.filter((member) => member.joined === null).map(({ name }) => name);
  if (engine === 'elasticsearch')
    return away.map((name) => `Node ${name} is not in the cluster that answers; check its name (node.name) and its url.`);
  return away.map((name) => {
    const why = observation.unknowns.filter((says) => says.split(/[\s:,]/).includes(name));
    return [`Member ${name} does not answer; check its address and port, or leave it out.`, ...why].join(' ');
  });
}

/** Each member's process, as the cluster tells its id, becomes known to its host. */
async function takeProcesses(
  parts: ControlParts,
  cluster: Cluster,
  observation: Observation<unknown>,
  processIds: Readonly<Record<string, number | null>>,
): Promise<{ readonly untaken: readonly string[]; readonly remarks: readonly string[] }> {
  const { engine } = engineOf(parts, cluster);
  const remarks: string[] = [];
  const ended = await Promise.all(
    engine.members(cluster).map(async ({ name, host: key, foreign }) => {
      if (foreign === true) return [];
      const host = parts.io.hosts(key);
      const member = observation.members.find((candidate) => candidate.name === name);
      if (host === undefined || member === undefined || member.running === null) return [];
      if (member.process.state === 'running') return [];
      const pid = processIds[name] ?? null;
      if (pid === null) return [`Node ${name} does not tell its process id, so host ${key} cannot take it under its care.`];
      const generation = await host.generationOf(cluster.id);
      const adopted = await host.adopt({ clusterId: cluster.id, generation }, name, pid, member.running);
      if (adopted.kind === 'done' && adopted.remark !== undefined) remarks.push(adopted.remark);
      return adopted.kind === 'done' ? [] : [`Node ${name}: ${adopted.says}`];
    }),
  );
  return { untaken: ended.flat(), remarks };
}
