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

  it('are those that somebody wrote, not those that the control plane makes for itself', async () => {
    const by = (name: string, ...managers: string[]) => ({
      metadata: { name, managedFields: managers.map((manager) => ({ manager, operation: 'Update' })) },
    });
    const items = [by('its-own', 'kube-controller-manager'), by('somebodys', 'kubectl-create', 'kube-controller-manager')];
    const answer = { status: 200, body: { metadata: {}, items } };
    const found = await newerObjects(introducing(api), { [`${first}/apis/${api}?limit=500`]: answer });
    expect(found.newerObjects).toEqual([{ api, names: ['somebodys'] }]);
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

it('objects of newer APIs are looked for at the apiserver that behaves as the newest', async () => {
  const second = 'https://127.66.6.12:6443';
  const answers = {
    [`${second}/version`]: changed(`${second}/version`, (body: object) => ({
      ...body,
      gitVersion: 'v1.37.2',
      emulationMinor: '37',
    })),
    [`${second}/apis/storagemigration.k8s.io/v1/storageversionmigrations?limit=500`]: objects,
  };
  const found = await newerObjects(catalog, answers);
  expect(found.newerObjects).toEqual([{ api: 'storagemigration.k8s.io/v1/storageversionmigrations', names: ['one', 'app/two'] }]);
  const emulating = changed(`${second}/version`, (body: object) => ({ ...body, gitVersion: 'v1.37.2', emulationMinor: '36' }));
  expect((await newerObjects(catalog, { ...answers, [`${second}/version`]: emulating })).newerObjects).toEqual([]);
});

it('a group version that an apiserver only names is kept by nobody, and not unknown', async () => {
  const answers = { [`${first}/apis/policy/v1`]: { status: 404, body: '404 page not found\n' } };
  const { cluster: looked, unknowns } = await observe(cluster, catalog, ioOf({ answers }), 'plan');
  if (looked.kind !== 'seen') throw new Error(looked.because);
  const kept = looked.seen.apiservers.map(({ storageVersions }) =>
    Object.keys(storageVersions).filter((api) => /^policy/.test(api)),
  );
  expect(kept).toEqual([[], ['policy/v1/poddisruptionbudgets']]);
  expect(unknowns).toEqual([]);
});
