import { describe, expect, it } from 'vitest';
import { memberById, objections, type ShardCopy } from './index.ts';
import { Lab } from './testing.ts';

const seed = Number(process.env.CLUSTERLIFT_SEED ?? 7);

/** Deciders that say no to the copy, by node. */
function noes(lab: Lab, copy: ShardCopy | undefined): Readonly<Record<string, readonly string[]>> {
  if (copy === undefined) throw new Error('there is no such copy');
  return Object.fromEntries(
    lab.members().map((name) => {
      const question = { world: lab.world, cluster: lab.cluster, copy, node: lab.node(name), moving: false };
      return [name, objections(question).map((verdict) => verdict.decider)];
    }),
  );
}

function unassigned(lab: Lab): ShardCopy | undefined {
  return lab.cluster.copies.find((copy) => copy.state === 'UNASSIGNED');
}

describe('allocation', () => {
  it('never puts two copies of a shard on one node', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1']);
    lab.index('one', 1, 1);
    lab.run(10_000);
    expect(lab.copies()).toEqual(['one/0 p STARTED n1', 'one/0 r UNASSIGNED -']);
    expect(noes(lab, unassigned(lab))).toEqual({ n1: ['same_shard'] });
  });

  it('gives a replica no node that is older than the one of its primary', () => {
    const lab = new Lab(seed);
    lab.form('5.6.16', ['n1', 'n2', 'n3']);
    lab.kill('n3');
    lab.run(5_000);
    lab.launch('n3', '6.3.2', { 'discovery.zen.minimum_master_nodes': '2' });
    lab.run(20_000);
    lab.cluster.persistent['cluster.routing.allocation.include._name'] = 'n3';
    lab.index('one', 1, 1);
    lab.run(10_000);
    delete lab.cluster.persistent['cluster.routing.allocation.include._name'];
    lab.run(10_000);
    expect(lab.copies()).toEqual(['one/0 p STARTED n3', 'one/0 r UNASSIGNED -']);
    expect(noes(lab, unassigned(lab))).toEqual({ n1: ['node_version'], n2: ['node_version'], n3: ['same_shard'] });
    expect(lab.kinds()).toEqual([]);
  });

  it('holds replicas while the owner allows primaries only, and makes them once all are allowed', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1', 'n2']);
    lab.cluster.transient['cluster.routing.allocation.enable'] = 'primaries';
    lab.index('one', 1, 1);
    lab.run(10_000);
    expect(noes(lab, unassigned(lab))).toEqual(expect.objectContaining({ n2: expect.arrayContaining(['enable']) }));
    delete lab.cluster.transient['cluster.routing.allocation.enable'];
    lab.cluster.version += 1;
    lab.run(10_000);
    expect(lab.cluster.copies.map((copy) => copy.state)).toEqual(['STARTED', 'STARTED']);
  });

  it('keeps copies apart by zone, and leaves one unassigned where its zone is missing and forced', () => {
    const lab = new Lab(seed);
    const attribute = { 'cluster.routing.allocation.awareness.attributes': 'zone' };
    const forced = { 'cluster.routing.allocation.awareness.force.zone.values': 'a,b' };
    lab.form('5.5.3', ['a1', 'a2', 'b1'], (name) => ({ ...attribute, ...forced, 'node.attr.zone': name.slice(0, 1) }));
    lab.index('one', 4, 1);
    lab.run(20_000);
    const zonesOf = (shard: number) =>
      lab.cluster.copies
        .filter((copy) => copy.shard === shard)
        .map((copy) => memberById(lab.world, lab.cluster, copy.nodeId)?.name.slice(0, 1))
        .sort();
    expect([0, 1, 2, 3].map(zonesOf)).toEqual(Array.from({ length: 4 }, () => ['a', 'b']));
    lab.kill('b1');
    lab.run(120_000);
    const deciders = noes(lab, unassigned(lab));
    expect([...new Set(Object.values(deciders).flat())].sort()).toEqual(['awareness', 'same_shard']);
  });

  it('waits a minute for the data of a node that left, and takes it at once when it is back', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1', 'n2', 'n3']);
    lab.index('one', 3, 1);
    lab.run(10_000);
    const before = lab.copies();
    const away = lab.master() === 'n2' ? 'n3' : 'n2';
    lab.kill(away);
    lab.run(20_000);
    const lost = before.filter((copy) => copy.endsWith(away)).length;
    expect(lab.cluster.copies.filter((copy) => copy.state === 'UNASSIGNED')).toHaveLength(lost);
    lab.launch(away, '5.5.3', { 'discovery.zen.minimum_master_nodes': '2' });
    lab.run(15_000);
    const nowOn = (name: string) =>
      lab
        .copies()
        .filter((copy) => copy.endsWith(name))
        .map((copy) => copy.split(' ')[0]);
    expect(nowOn(away)).toEqual(before.filter((copy) => copy.endsWith(away)).map((copy) => copy.split(' ')[0]));
  });

  it('makes a copy anew elsewhere once the delay has run out', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1', 'n2', 'n3']);
    lab.index('one', 1, 1);
    lab.run(10_000);
    const holder =
      lab
        .copies()
        .find((copy) => copy.includes(' r '))
        ?.split(' ')
        .at(-1) ?? '';
    lab.kill(holder);
    lab.run(50_000);
    expect(unassigned(lab)?.unassigned?.reason).toBe('NODE_LEFT');
    lab.run(30_000);
    expect(lab.cluster.copies.map((copy) => copy.state)).toEqual(['STARTED', 'STARTED']);
  });

  it('promotes a started replica when the node of the primary leaves', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1', 'n2', 'n3']);
    lab.index('one', 1, 2);
    lab.run(10_000);
    const primary = () => lab.copies().find((copy) => copy.includes(' p '));
    const holder = primary()?.split(' ').at(-1) ?? '';
    lab.kill(holder);
    lab.run(10_000);
    expect(primary()).toMatch(/one\/0 p STARTED/);
    expect(primary()).not.toContain(holder);
    expect(lab.cluster.indices.get('one')?.primaryTerms.get(0)).toBe(2);
  });

  it('keeps a primary whose only copy is gone for the node that has it', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1', 'n2', 'n3']);
    lab.index('one', 1, 0);
    lab.run(10_000);
    const holder = lab.copies()[0]?.split(' ').at(-1) ?? '';
    lab.kill(holder);
    lab.run(180_000);
    expect(lab.copies()).toEqual(['one/0 p UNASSIGNED -']);
    lab.launch(holder, '5.5.3', { 'discovery.zen.minimum_master_nodes': '2' });
    lab.run(15_000);
    expect(lab.copies()).toEqual([`one/0 p STARTED ${holder}`]);
  });

  it('follows the number of nodes with auto-expanded replicas', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1', 'n2', 'n3']);
    const index = lab.index('one', 1, 0, { 'index.auto_expand_replicas': '0-all' });
    lab.run(10_000);
    expect(index.replicas).toBe(2);
    lab.kill(['n1', 'n2', 'n3'].find((name) => name !== lab.master()) ?? '');
    lab.run(5_000);
    expect(index.replicas).toBe(1);
    expect(lab.cluster.copies.map((copy) => copy.state)).toEqual(['STARTED', 'STARTED']);
  });

  it('evens out when a node comes, and not while its owner has rebalancing off', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1', 'n2']);
    lab.cluster.persistent['cluster.routing.rebalance.enable'] = 'none';
    lab.index('one', 6, 0);
    lab.run(20_000);
    lab.launch('n3', '5.5.3', { 'discovery.zen.minimum_master_nodes': '2' });
    lab.run(30_000);
    expect(lab.copies().filter((copy) => copy.endsWith('n3'))).toEqual([]);
    delete lab.cluster.persistent['cluster.routing.rebalance.enable'];
    lab.cluster.version += 1;
    lab.run(60_000);
    expect(lab.copies().filter((copy) => copy.endsWith('n3')).length).toBeGreaterThanOrEqual(1);
    expect(lab.cluster.copies.every((copy) => copy.state === 'STARTED')).toBe(true);
  });
});
