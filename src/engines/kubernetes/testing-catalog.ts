/** A small catalog of Kubernetes, and the hops in it that tests are about. */
import type { Hop, KubernetesBuild, KubernetesCatalog, KubernetesRelease, Release } from '../../domain/index.ts';

const startedAt = '2026-01-01T00:00:00.000Z';

export const old: Release = { version: '1.36', build: 'eks.3' };
export const young: Release = { version: '1.37', build: 'eks.2' };
export const oldBuild: Release = { version: '1.36', build: 'eks.1' };
export const older: Release = { version: '1.35', build: 'eks.4' };

export function aHop(from: Release, to: Release, change: Partial<Hop> = {}): Hop {
  return { from, to, mode: 'rolling', requires: [], oneWayDoors: [], ...change };
}
export const forward = aHop(old, young);
export const backward = aHop(young, old, { back: true });
export const patch = aHop(oldBuild, old);
/** Lifts etcd as well. */
export const withEtcd = aHop(older, old);

function aRelease(
  version: string,
  builds: readonly KubernetesBuild[],
  defaultBuild: string,
  etcd: string,
  change: Partial<KubernetesRelease> = {},
): KubernetesRelease {
  return {
    version,
    builds,
    defaultBuild,
    etcd,
    artefacts: [],
    releasedAt: startedAt,
    endOfStandardSupport: '2027-01-01T00:00:00.000Z',
    endOfExtendedSupport: '2028-01-01T00:00:00.000Z',
    removedGates: [],
    removedFlags: {},
    removedApis: [],
    introducedApis: [],
    addons: {},
    ...change,
  };
}

export const catalog: KubernetesCatalog = {
  engine: 'kubernetes',
  etcd: ['3.5.35', '3.6.16'].map((version) => ({ version, artefacts: [] })),
  releases: [
    aRelease('1.34', [{ id: 'eks.4', patch: '1.34.4' }], 'eks.4', '3.5.35'),
    aRelease('1.35', [{ id: 'eks.4', patch: '1.35.4' }], 'eks.4', '3.5.35'),
    aRelease(
      '1.36',
      [
        { id: 'eks.1', patch: '1.36.1' },
        { id: 'eks.3', patch: '1.36.3' },
      ],
      'eks.3',
      '3.6.16',
    ),
    aRelease('1.37', [{ id: 'eks.2', patch: '1.37.2' }], 'eks.2', '3.6.16', {
      removedGates: ['APIServerTracing'],
      removedFlags: { 'kube-controller-manager': ['--concurrent-service-syncs'] },
      addons: { coredns: '1.11.1' },
      introducedApis: ['storagemigration.k8s.io/v1/storageversionmigrations'],
    }),
  ],
  edges: [],
};

export function patchOf(release: Release): string {
  return (
    catalog.releases.find(({ version }) => version === release.version)?.builds.find(({ id }) => id === release.build)?.patch ??
    `${release.version}.0`
  );
}
