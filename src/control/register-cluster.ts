import type { Caller, Cluster, Observation } from '../domain/index.ts';
import type { NewCluster, RegisterResult } from './control.ts';
import { clusterFrom, newClusterId, releaseTroubles, troubles } from './describe-cluster.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { nextReleases } from './trials.ts';

/** Looks at a cluster that exists, takes its processes under our care, and remembers it. Nothing of it is changed. */
export async function registerCluster(parts: ControlParts, caller: Caller, request: NewCluster): Promise<RegisterResult> {
  const wrong = troubles(parts, request.spec);
  if (wrong.length > 0) return { kind: 'refused', because: wrong };
  const others = await parts.store.listClusters(caller.account);
  if (others.some((other) => other.name === request.name)) return { kind: 'name-taken' };
  const declared = clusterFrom(parts, caller, request, {
    origin: 'registered',
    provisioning: { state: 'ready' },
    id: request.id ?? newClusterId(parts, request.spec.kind),
  });
  const { engine, catalog } = engineOf(parts, declared);
  const observation = await engine.observe(declared, catalog, parts.io, 'plan');
  const missing = notAsDeclared(observation);
  if (missing.length > 0) return { kind: 'refused', because: missing };
  const adopted = engine.adoption(declared, observation);
  if (adopted.missing.length > 0) return { kind: 'refused', because: adopted.missing };
  const release = engine.releaseOf(observation) ?? declared.spec.release;
  const cluster = { ...declared, spec: { ...adopted.spec, release } };
  const unknown = releaseTroubles(parts, cluster);
  if (unknown.length > 0) return { kind: 'refused', because: unknown };
  const { untaken, remarks } = await takeProcesses(parts, cluster, observation, adopted.processIds);
  if (untaken.length > 0) return { kind: 'refused', because: untaken };
  if ((await parts.store.insertCluster(cluster)) === 'name-taken') return { kind: 'name-taken' };
  await parts.trials.of(cluster, nextReleases(parts, cluster), 'ahead');
  return { kind: 'registered', cluster, remarks: [...observation.unknowns, ...remarks] };
}

function notAsDeclared(observation: Observation<unknown>): readonly string[] {
  if (observation.cluster.kind === 'unreachable') return [`The cluster cannot be reached: ${observation.cluster.because}`];
  return observation.members
    .filter((member) => member.joined === null)
    .map((member) => `Node ${member.name} is not in the cluster that answers; check its name (node.name) and its url.`);
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
    engine.members(cluster).map(async ({ name, host: key }) => {
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
