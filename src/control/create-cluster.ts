import type { Caller, Cluster } from '../domain/index.ts';
import type { CreateResult, NewCluster } from './control.ts';
import { clusterFrom, isNamed, newClusterId, releaseTroubles, troubles } from './describe-cluster.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { hostsOf, markedSimulated, placed } from './placement.ts';

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
  const lacking = await lackingFor(parts, cluster);
  if (lacking.length > 0) return { kind: 'refused', because: lacking };
  if ((await parts.store.insertCluster(cluster)) === 'name-taken') return { kind: 'name-taken' };
  return { kind: 'creating', cluster };
}

/** What its hosts would need for its members and cannot get by themselves: nothing is made that could never run. */
async function lackingFor(parts: ControlParts, cluster: Cluster): Promise<readonly string[]> {
  const { engine, catalog } = engineOf(parts, cluster);
  const told = await Promise.all(
    engine.members(cluster).map(async ({ name, host }) => {
      const launch = engine.launch(cluster, catalog, name, cluster.spec.release, { kind: 'first' });
      return (await parts.io.hosts(host)?.lacks?.(launch)) ?? [];
    }),
  );
  return [...new Set(told.flat())];
}

/** What its hosts cannot heed. */
async function troublesWithTags(parts: ControlParts, { spec, tags }: NewCluster): Promise<readonly string[]> {
  const hosts = hostsOf(spec).map((key) => parts.io.hosts(key));
  const troubles = await Promise.all(hosts.map((host) => host?.troublesWithTags?.(spec.kind, tags) ?? []));
  return [...new Set(troubles.flat())];
}
