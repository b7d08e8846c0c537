import type { ExportedObservation } from '../../domain/index.ts';
import { elasticsearchWithoutNames } from './anonymous-elasticsearch.ts';
import { kubernetesWithoutNames } from './anonymous-kubernetes.ts';

/** The same cluster with other names: each is replaced by the same wherever it stands, and sentences of others are left out. */
export function withoutNames(exported: ExportedObservation): ExportedObservation {
  return exported.engine === 'elasticsearch' ? elasticsearchWithoutNames(exported) : kubernetesWithoutNames(exported);
}
