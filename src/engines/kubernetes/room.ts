import type { Observation, SeenKubernetes } from '../../domain/index.ts';

/** What one more needs at its start, with some to spare: an apiserver takes about 320 MiB, a kubelet about 90. */
export const needBytes = { apiserver: 512 * 2 ** 20, node: 192 * 2 ** 20 };

/** Null where its host does not tell. */
export function freeMemoryOf({ hosts }: Pick<Observation<SeenKubernetes>, 'hosts'>, key: string): number | null {
  const host = hosts[key];
  return host?.kind === 'seen' ? host.freeMemoryBytes : null;
}
