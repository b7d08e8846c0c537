import type { Catalog } from './catalog.ts';
import type { ElasticsearchCatalog, ElasticsearchSpec, SeenElasticsearch } from './elasticsearch.ts';
import type { KubernetesCatalog, KubernetesSpec, SeenKubernetes } from './kubernetes.ts';
import type { Instant } from './release.ts';

export type EngineName = 'elasticsearch' | 'kubernetes';

/** Engine specific description of what the owner declared. */
export type ClusterSpec = ElasticsearchSpec | KubernetesSpec;

/** The description that belongs to what an engine sees. */
export type SpecOf<Seen> = Seen extends SeenElasticsearch
  ? ElasticsearchSpec
  : Seen extends SeenKubernetes
    ? KubernetesSpec
    : ClusterSpec;

/** The catalog that belongs to what an engine sees. */
export type CatalogOf<Seen> = Seen extends SeenElasticsearch
  ? ElasticsearchCatalog
  : Seen extends SeenKubernetes
    ? KubernetesCatalog
    : Catalog;

/**
 * One cluster under our care. `created` clusters are ours to start, stop and erase; a `registered` one belongs to its
 * owner: removing it only forgets it.
 */
export interface Cluster<Spec extends ClusterSpec = ClusterSpec> {
  /** `es-cn-` and 16 characters of [a-z0-9] for Elasticsearch, `k8s-` and 16 for Kubernetes. */
  readonly id: string;
  readonly engine: EngineName;
  readonly origin: 'created' | 'registered';
  readonly name: string;
  readonly description: string;
  readonly account: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly spec: Spec;
  /** Secrets such as a password, already decrypted; never part of an event, a log line or an answer. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Provisioning of a created cluster. A registered one is `ready` at once, unless it is `awaited` first. */
  readonly provisioning: Provisioning;
  /** Deletion asked for with a grace time: still listed, frozen until then. */
  readonly deleteAfter: Instant | null;
}

export type ElasticsearchCluster = Cluster<ElasticsearchSpec>;
export type KubernetesCluster = Cluster<KubernetesSpec>;

/** Name of the secret that brings an awaited cluster under care. */
export const activationCodeSecret = 'activation-code';

export type Provisioning =
  /** A place for a cluster whose owner has not brought it under care yet; forgotten when the time is over. */
  | { readonly state: 'awaited'; readonly until: Instant }
  /** `says`: what it waits for, or how far it is, where there is something to say. */
  | { readonly state: 'creating'; readonly says?: string }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly because: string }
  | { readonly state: 'deleting' };
