import { expect, it } from 'vitest';
import { requestedSpec } from './draft/index.ts';
import { nodeFolder } from './launch/index.ts';
import { leftovers } from './leftovers.ts';
import { addNodegroup } from './nodegroups.ts';
import { atTest, clusterOf, drafted } from './testing.ts';

const release = { version: '1.36', build: 'eks.3' };
const group = { name: 'blue', release, minSize: 0, maxSize: 1, maxUnavailable: 1, labels: {}, taints: [], tags: {}, face: {} };

it('leaves its owner’s folder for snapshots, and takes ours and what its nodes wrote', async () => {
  const { spec, secrets } = await drafted(requestedSpec({ release }));
  const cluster = clusterOf(addNodegroup(spec, { ...group, desiredSize: 1 }, atTest), secrets);
  const { snapshotFolder = '' } = cluster.spec;
  expect(snapshotFolder).not.toBe('');
  const folders = (own: string) => leftovers(cluster, own).map(({ host, folder }) => `${host} ${folder}`);
  const ofNodes = ['blue-1', 'blue-surge']
    .map((name) => nodeFolder(cluster, name))
    .flatMap((folder) => [`local ${folder}`, `local ${folder}-trial`]);
  expect(folders(snapshotFolder).toSorted()).toEqual([`local ${snapshotFolder}`, ...ofNodes].toSorted());
  expect(folders('/another').toSorted()).toEqual(ofNodes.toSorted());
});
