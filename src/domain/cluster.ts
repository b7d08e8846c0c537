import type { ElasticsearchSpec } from './elasticsearch.ts';
import type { Instant } from './release.ts';

export type EngineName = 'elasticsearch' | 'kubernetes';

/** Engine specific description of what the owner declared. */
export type ClusterSpec = ElasticsearchSpec;

/**
 * One cluster under our care. `created` clusters are ours to start, stop and erase; a `registered` one belongs to its
 * owner: removing it only forgets it.
 */
export interface Cluster {
  /** `es-cn-` and 16 characters of [a-z0-9] for Elasticsearch. */
  readonly id: string;
  readonly engine: EngineName;
  readonly origin: 'created' | 'registered';
  readonly name: string;
  readonly description: string;
  readonly account: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly spec: ClusterSpec;
  /** Secrets such as a password, already decrypted; never part of an event, a log line or an answer. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** Provisioning of a created cluster. A registered one is `ready` at once. */
  readonly provisioning: Provisioning;
  /** Deletion asked for with a grace time: still listed, frozen until then. */
  readonly deleteAfter: Instant | null;
}

export type Provisioning =
  | { readonly state: 'creating' }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly because: string }
  | { readonly state: 'deleting' };
