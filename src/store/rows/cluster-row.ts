import type { Insertable, Selectable } from 'kysely';
import type { Cluster, ClusterSpec, EngineName, Provisioning, SecretBox } from '../../domain/index.ts';
import { toJson } from '../json.ts';
import type { Tables } from '../tables.ts';
import { instant, instantOrNull } from './moment.ts';

export function clusterToRow(cluster: Cluster, box: SecretBox): Insertable<Tables['clusters']> {
  return {
    id: cluster.id,
    account: cluster.account,
    engine: cluster.engine,
    origin: cluster.origin,
    name: cluster.name,
    description: cluster.description,
    region: cluster.region,
    tags: toJson(cluster.tags),
    spec: toJson(cluster.spec),
    sealed_secrets: box.seal(JSON.stringify(cluster.secrets)),
    provisioning: toJson(cluster.provisioning),
    delete_after: cluster.deleteAfter,
    created_at: cluster.createdAt,
    updated_at: cluster.updatedAt,
  };
}

/** The rows are our own writing: their bodies are trusted to be what was written. */
export function clusterFromRow(row: Selectable<Tables['clusters']>, box: SecretBox): Cluster {
  return {
    id: row.id,
    account: row.account,
    engine: row.engine as EngineName,
    origin: row.origin as Cluster['origin'],
    name: row.name,
    description: row.description,
    region: row.region,
    tags: row.tags as Record<string, string>,
    spec: row.spec as ClusterSpec,
    secrets: JSON.parse(box.open(row.sealed_secrets)) as Record<string, string>,
    provisioning: row.provisioning as Provisioning,
    deleteAfter: instantOrNull(row.delete_after),
    createdAt: instant(row.created_at),
    updatedAt: instant(row.updated_at),
  };
}
