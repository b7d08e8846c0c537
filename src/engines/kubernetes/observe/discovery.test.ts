import { describe, expect, it } from 'vitest';
import type { KubernetesCatalog } from '../../../domain/index.ts';
import { observe } from './index.ts';
import { type Answers, catalog, changed, cluster, ioOf } from './testing.ts';

const first = 'https://127.66.6.11:6443';
const api = 'migration.example.com/v1/moves';

function introducing(...apis: readonly string[]): KubernetesCatalog {
  return {
    ...catalog,
    releases: catalog.releases.map((release) => (release.version === '1.36' ? { ...release, introducedApis: apis } : release)),
  };
}

async function newerObjects(of: KubernetesCatalog, answers: Answers) {
  const observation = await observe(cluster, of, ioOf({ answers }), 'plan');
  if (observation.cluster.kind !== 'seen') throw new Error(observation.cluster.because);
  return { newerObjects: observation.cluster.seen.newerObjects, unknowns: observation.unknowns };
}

const objects = {
  status: 200,
  body: {
    metadata: { resourceVersion: '7' },
    items: [{ metadata: { name: 'one' } }, { metadata: { namespace: 'app', name: 'two' } }],
  },
};
const notFound = { status: 404, body: { kind: 'Status', message: 'the server could not find the requested resource' } };

describe('objects that a way back would hide', () => {
  it('are named with their API', async () => {
    const found = await newerObjects(introducing(api), { [`${first}/apis/${api}?limit=500`]: objects });
    expect(found).toEqual({ newerObjects: [{ api, names: ['one', 'app/two'] }], unknowns: [] });
  });

  it('are none where the API is not served', async () => {
    const found = await newerObjects(introducing(api), { [`${first}/apis/${api}?limit=500`]: notFound });
    expect(found).toEqual({ newerObjects: [], unknowns: [] });
  });

  it('are none where an older version of the API shows them as well', async () => {
    const resources = {
      status: 200,
      body: { resources: [{ name: 'moves', storageVersionHash: 'abc=' }] },
    };
    const groups = changed(`${first}/apis`, (body: { groups: object[] }) => ({
      groups: [...body.groups, { name: 'migration.example.com', versions: [{ groupVersion: 'migration.example.com/v1beta1' }] }],
    }));
    const found = await newerObjects(introducing(api), {
      [`${first}/apis`]: groups,
      [`${first}/apis/migration.example.com/v1beta1`]: resources,
      [`${first}/apis/${api}?limit=500`]: objects,
    });
    expect(found).toEqual({ newerObjects: [], unknowns: [] });
  });

  it('are unknown where nobody tells them', async () => {
    const found = await newerObjects(introducing(api), {});
    expect(found.newerObjects).toEqual([]);
    expect(found.unknowns).toEqual([
      expect.stringMatching(/^objects of newer APIs migration\.example\.com\/v1\/moves: .*ECONNREFUSED/),
    ]);
  });
});
