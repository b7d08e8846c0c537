import { describe, expect, it } from 'vitest';
import type { EngineIo } from '../../../domain/index.ts';
import { aWorld, nodeSpec, worldCluster } from '../decide/testing.ts';
import { createSnapshot } from './create-snapshot.ts';

type Repositories = Readonly<Record<string, { readonly type: string; readonly settings: Readonly<Record<string, unknown>> }>>;

/** A cluster that has these repositories and takes every snapshot; what was put is noted. */
function clusterWith(repositories: Repositories, repositoryPath: string | null = null) {
  const puts: string[] = [];
  const io: EngineIo = {
    hosts: () => undefined,
    now: () => '2026-01-01T00:00:00.000Z',
    pause: async () => undefined,
    http: async ({ method, url }) => {
      if (method === 'PUT') puts.push(new URL(url).pathname.split('/').slice(-2).join('/'));
      return { status: 200, body: JSON.stringify(method === 'GET' ? repositories : { snapshot: { state: 'SUCCESS' } }) };
    },
  };
  return { cluster: worldCluster(aWorld([nodeSpec('n1')]), { repositoryPath }), io, puts };
}

describe('a snapshot', () => {
  it('goes to a repository that can be written, past those of other clusters', async () => {
    const { cluster, io, puts } = clusterWith({
      theirs: { type: 'fs', settings: { location: '/a', readonly: 'true' } },
      elsewhere: { type: 'url', settings: { url: 'http://a' } },
      ours: { type: 'fs', settings: { location: '/b' } },
    });
    expect(await createSnapshot(cluster, null, io)).toMatchObject({ kind: 'done', value: { repository: 'ours' } });
    expect(puts).toEqual(['ours/snapshot-20260101000000000']);
  });

  it('makes a repository of its own where none can be written and a folder is declared, and says so where none is', async () => {
    const readOnly = { theirs: { type: 'fs', settings: { readonly: true } } };
    const there = clusterWith(readOnly, '/snapshots');
    expect(await createSnapshot(there.cluster, null, there.io)).toMatchObject({ kind: 'done' });
    expect(there.puts).toEqual(['_snapshot/clusterlift', 'clusterlift/snapshot-20260101000000000']);
    const nowhere = clusterWith(readOnly);
    expect(await createSnapshot(nowhere.cluster, null, nowhere.io)).toMatchObject({ kind: 'refused' });
    expect(nowhere.puts).toEqual([]);
  });
});
