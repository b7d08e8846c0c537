import { beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesSpec } from '../../domain/index.ts';
import { requestedSpec } from './draft/index.ts';
import { nodegroupRules } from './nodegroup-rules.ts';
import { addNodegroup, setNodegroupSize } from './nodegroups.ts';
import { atTest, drafted } from './testing.ts';

const release = { version: '1.36', build: 'eks.3' };
const settings = { release, minSize: 1, maxSize: 9, maxUnavailable: 1, labels: {}, taints: [], tags: {}, face: {} };

describe('node groups', () => {
  let spec: KubernetesSpec;
  beforeAll(async () => {
    spec = (await drafted(requestedSpec({ release }))).spec;
  });
  const namesOf = (of: KubernetesSpec, group: string) =>
    of.nodegroups.find(({ name }) => name === group)?.nodes.map(({ name }) => name);

  it('have a place for each node and one to surge into, with an address of their own', () => {
    const one = addNodegroup(spec, { ...settings, name: 'blue', desiredSize: 2 }, atTest);
    const two = addNodegroup(one, { ...settings, name: 'green', desiredSize: 1 }, atTest);
    expect(namesOf(two, 'blue')).toEqual(['blue-1', 'blue-2', 'blue-surge']);
    const addresses = two.nodegroups.flatMap(({ nodes }) => nodes.map(({ address }) => address));
    expect(addresses).toEqual(['127.77.3.51', '127.77.3.52', '127.77.3.53', '127.77.3.54', '127.77.3.55']);
  });

  it('keep their first nodes when they shrink, and take the lowest numbers when they grow', () => {
    const three = addNodegroup(spec, { ...settings, name: 'blue', desiredSize: 3 }, atTest);
    const one = setNodegroupSize(three, 'blue', 1, atTest);
    expect(namesOf(one, 'blue')).toEqual(['blue-1', 'blue-surge']);
    const again = setNodegroupSize(one, 'blue', 2, atTest);
    expect(namesOf(again, 'blue')).toEqual(['blue-1', 'blue-2', 'blue-surge']);
    expect(again.nodegroups[0]?.nodes[0]).toEqual(three.nodegroups[0]?.nodes[0]);
  });

  it('have names that a node may have, told apart where they would be the same', () => {
    const one = addNodegroup(spec, { ...settings, name: 'My_Group', desiredSize: 1 }, atTest);
    expect(namesOf(one, 'My_Group')).toEqual(['my-group-1', 'my-group-surge']);
    const two = addNodegroup(one, { ...settings, name: 'my-group', desiredSize: 1 }, atTest);
    const all = two.nodegroups.flatMap(({ nodes }) => nodes.map(({ name }) => name));
    expect(new Set(all).size).toBe(4);
    const etcd = addNodegroup(spec, { ...settings, name: 'etcd', desiredSize: 1 }, atTest);
    expect(namesOf(etcd, 'etcd')).not.toContain('etcd-1');
  });

  it('have names that are labels as well, however long the name of their group is', () => {
    const long = 'g'.repeat(62);
    const one = addNodegroup(spec, { ...settings, name: `${long}a`, desiredSize: 9 }, atTest);
    const two = addNodegroup(one, { ...settings, name: `${long}b`, desiredSize: 9 }, atTest);
    const all = two.nodegroups.flatMap(({ nodes }) => nodes.map(({ name }) => name));
    expect(new Set(all).size).toBe(20);
    expect(all.filter((name) => name.length > 63)).toEqual([]);
  });

  it('are refused where their name is no label, and where the cluster has no room for them', () => {
    const asked = { ...settings, size: 20, maxSize: 20, name: 'blue' };
    const add = (to: KubernetesSpec, name: string) => nodegroupRules.add(to, { ...asked, name }, atTest);
    for (const name of ['blue-', 'blue_', 'b'.repeat(64)]) expect(add(spec, name).kind).toBe('refused');
    let full = spec;
    for (let number = 1; number <= 9; number += 1) {
      const added = add(full, `group${number}`);
      if (added.kind !== 'changed' || added.spec.kind !== 'kubernetes') throw new Error('there is room');
      full = added.spec;
    }
    expect(add(full, 'last')).toEqual({
      kind: 'refused',
      because: ['There is room for 14 nodes more in the cluster, not for 20.'],
    });
    expect(nodegroupRules.add(full, { ...asked, name: 'last', size: 14 }, atTest).kind).toBe('changed');
  });
});
