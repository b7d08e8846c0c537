import type { ElasticsearchSpec, SeenElasticsearch } from './elasticsearch.ts';
import type { KubernetesSpec, SeenKubernetes } from './kubernetes.ts';
import type { SeenHost, SeenMember } from './observation.ts';
import type { Instant } from './release.ts';

export const exportedFormat = 'clusterlift-observation';
/** Goes up with every change that an older server does not understand. */
export const exportedVersion = 1;

interface Exported {
  readonly format: typeof exportedFormat;
  readonly version: typeof exportedVersion;
  /** Name of the cluster. */
  readonly name: string;
  /** Names are not the owner's. */
  readonly anonymous: boolean;
  readonly takenAt: Instant;
  readonly members: readonly SeenMember[];
  readonly hosts: Readonly<Record<string, SeenHost>>;
  readonly unknowns: readonly string[];
}

/** One look at a cluster that can be rehearsed by any server, whether it knows the cluster or not. Without secrets. */
export type ExportedObservation =
  | (Exported & { readonly engine: 'elasticsearch'; readonly spec: ElasticsearchSpec; readonly seen: SeenElasticsearch })
  | (Exported & { readonly engine: 'kubernetes'; readonly spec: KubernetesSpec; readonly seen: SeenKubernetes });
