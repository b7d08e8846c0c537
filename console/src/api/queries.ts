/** What pages read, each under one key, so that a notice of a change makes exactly that be read again. */
import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';
import type { Cluster, MemberTrial, Observation, Plan, ReleaseList, Upgrade } from './types.ts';

/** A cluster may change without a notice: while somebody watches, it is looked at afresh. */
const lookEveryMs = 5_000;
/** Should a notice be lost, nothing on the page is older than this. */
const readAnywayMs = 30_000;

export const keys = {
  clusters: ['clusters'],
  cluster: (id: string) => ['cluster', id],
  upgrades: ['upgrades'],
  upgradesOf: (clusterId: string) => ['upgrades', 'of', clusterId],
  upgrade: (id: string) => ['upgrade', id],
} as const;

export const clustersQuery = queryOptions({
  queryKey: keys.clusters,
  queryFn: async ({ signal }) => (await api.get<{ clusters: readonly Cluster[] }>('/clusters', { signal })).clusters,
  refetchInterval: readAnywayMs,
});

export const clusterQuery = (clusterId: string) =>
  queryOptions({
    queryKey: keys.cluster(clusterId),
    queryFn: ({ signal }) => api.get<Cluster>(`/clusters/${encodeURIComponent(clusterId)}`, { signal }),
    refetchInterval: readAnywayMs,
  });

export const observationQuery = (clusterId: string) =>
  queryOptions({
    queryKey: [...keys.cluster(clusterId), 'observation'],
    queryFn: ({ signal }) => api.get<Observation>(`/clusters/${encodeURIComponent(clusterId)}/observation`, { signal }),
    refetchInterval: lookEveryMs,
  });

export const trialsQuery = (clusterId: string) =>
  queryOptions({
    queryKey: [...keys.cluster(clusterId), 'trials'],
    queryFn: async ({ signal }) =>
      (await api.get<{ trials: readonly MemberTrial[] }>(`/clusters/${encodeURIComponent(clusterId)}/trials`, { signal })).trials,
    refetchInterval: readAnywayMs,
  });

interface UpgradePage {
  readonly upgrades: readonly Upgrade[];
  readonly next: string | null;
}

export const unfinishedUpgradesQuery = queryOptions({
  queryKey: [...keys.upgrades, 'unfinished'],
  queryFn: async ({ signal }) =>
    (await api.get<UpgradePage>('/upgrades', { query: { unfinished: true, limit: 500 }, signal })).upgrades,
  refetchInterval: readAnywayMs,
});

export const upgradesOfQuery = (clusterId: string) =>
  queryOptions({
    queryKey: keys.upgradesOf(clusterId),
    queryFn: ({ signal }) => api.get<UpgradePage>('/upgrades', { query: { clusterId, limit: 50 }, signal }),
    refetchInterval: readAnywayMs,
  });

export const upgradeQuery = (upgradeId: string) =>
  queryOptions({
    queryKey: keys.upgrade(upgradeId),
    queryFn: ({ signal }) => api.get<Upgrade>(`/upgrades/${encodeURIComponent(upgradeId)}`, { signal }),
    refetchInterval: readAnywayMs,
  });

/** A plan never changes. */
export const planQuery = (planId: string) =>
  queryOptions({
    queryKey: ['plan', planId],
    queryFn: ({ signal }) => api.get<Plan>(`/plans/${encodeURIComponent(planId)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const releasesQuery = (engine: 'elasticsearch' | 'kubernetes') =>
  queryOptions({
    queryKey: ['releases', engine],
    queryFn: ({ signal }) => api.get<ReleaseList>('/releases', { query: { engine }, signal }),
    staleTime: 10 * 60_000,
  });
