import type { Caller, Cluster } from '../domain/index.ts';
import type { CreateResult, NewCluster } from './control.ts';
import { clusterFrom, isNamed, newClusterId, releaseTroubles, troubles } from './describe-cluster.ts';
import { lackingFor, simulateInstead } from './lacking.ts';
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
  const lacking = await lackingFor(parts, cluster, engineOf(parts, cluster).engine.members(cluster), cluster.spec.release);
  if (lacking.length > 0) return { kind: 'refused', because: [...lacking, simulateInstead] };
  if ((await parts.store.insertCluster(cluster)) === 'name-taken') return { kind: 'name-taken' };
  return { kind: 'creating', cluster };
}

/** Of tags that a cluster is to have. Its hosts are asked where it is one of theirs that changes: they may be away. */
export async function tagTroubles(parts: ControlParts, cluster: Cluster | undefined, tags: NewCluster['tags']) {
  if (cluster === undefined) return [];
  const ofOurs = (from: NewCluster['tags']) =>
    JSON.stringify(
      Object.entries(from)
        .filter(([key]) => key.startsWith(ourTags))
        .sort(),
    );
  return ofOurs(tags) === ofOurs(cluster.tags) ? [] : troublesWithTags(parts, { spec: cluster.spec, tags });
}

const ourTags = 'clusterlift:';

/** What its hosts cannot heed. */
async function troublesWithTags(
  parts: ControlParts,
  { spec, tags }: Pick<NewCluster, 'spec' | 'tags'>,
): Promise<readonly string[]> {
  const hosts = hostsOf(spec).map((key) => parts.io.hosts(key));
  const troubles = await Promise.all(hosts.map((host) => host?.troublesWithTags?.(spec.kind, tags) ?? []));
  return [...new Set(troubles.flat())];
}
