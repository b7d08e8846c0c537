import { type Cluster, Clusters, Upgrade, Upgrades } from './api/wire.ts';
import { exitCodes } from './exit-codes.ts';
import { Failure } from './failure.ts';
import type { Session } from './session.ts';

/** A cluster by its id or its name. */
export async function findCluster({ api }: Session, idOrName: string): Promise<Cluster> {
  return pickCluster((await api.get('/clusters', Clusters)).clusters, idOrName);
}

export function pickCluster(clusters: readonly Cluster[], idOrName: string): Cluster {
  const byId = clusters.find((cluster) => cluster.id === idOrName);
  if (byId !== undefined) return byId;
  const [found, ...others] = clusters.filter((cluster) => cluster.name === idOrName);
  if (found === undefined) throw noCluster(idOrName, clusters);
  if (others.length > 0) throw ambiguous(idOrName, [found, ...others]);
  return found;
}

/** A name is unique within an engine and a region only. */
function ambiguous(name: string, clusters: readonly Cluster[]): Failure {
  const which = clusters.map(({ id, engine, region }) => `${id} (${engine}, ${region})`);
  return new Failure(exitCodes.error, `There are ${clusters.length} clusters ${name}.`, {
    remedy: `Name one by its id: ${which.join(', ')}.`,
  });
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An upgrade by its id; or by its cluster's id or name: the one that is unfinished, else the latest. */
export async function findUpgrade(session: Session, idOrCluster: string): Promise<Upgrade> {
  const { api } = session;
  if (uuid.test(idOrCluster)) return api.get(`/upgrades/${idOrCluster}`, Upgrade);
  const cluster = await findCluster(session, idOrCluster);
  if (cluster.upgradeId !== null) return api.get(`/upgrades/${encodeURIComponent(cluster.upgradeId)}`, Upgrade);
  const query = new URLSearchParams({ clusterId: cluster.id, limit: '1' });
  const latest = (await api.get(`/upgrades?${query}`, Upgrades)).upgrades[0];
  if (latest === undefined)
    throw new Failure(exitCodes.error, `Cluster ${cluster.name} has never been upgraded here.`, {
      remedy: `See what it would take: clusterlift plan ${cluster.name} VERSION`,
    });
  return latest;
}

/** Name of the cluster with this id. */
export async function findNameOf({ api }: Session, clusterId: string): Promise<string> {
  return nameOf((await api.get('/clusters', Clusters)).clusters, clusterId);
}

/** Name of a cluster for people; its id where it is gone. */
export function nameOf(clusters: readonly Cluster[], clusterId: string): string {
  return clusters.find((cluster) => cluster.id === clusterId)?.name ?? clusterId;
}

function noCluster(idOrName: string, clusters: readonly Cluster[]): Failure {
  const says = `There is no cluster ${idOrName}.`;
  if (clusters.length === 0)
    return new Failure(exitCodes.error, says, { remedy: 'There are none yet. Add one: clusterlift cluster add FILE' });
  const names = clusters.map((cluster) => cluster.name).slice(0, 10);
  const more = clusters.length > names.length ? ' and others (clusterlift cluster list)' : '';
  return new Failure(exitCodes.error, says, { remedy: `There is ${names.join(', ')}${more}.` });
}
