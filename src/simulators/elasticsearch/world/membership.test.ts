import { describe, expect, it } from 'vitest';
import { Lab } from './testing.ts';

const seed = Number(process.env.CLUSTERLIFT_SEED ?? 7);
const two = { 'discovery.zen.minimum_master_nodes': '2' };

describe('membership', () => {
  it('forms a cluster once minimum_master_nodes are there, and not before', () => {
    const lab = new Lab(seed);
    lab.launch('n1', '5.5.3', two);
    lab.run(20_000);
    expect(lab.master()).toBeNull();
    lab.launch('n2', '5.5.3', two);
    lab.run(20_000);
    expect(lab.members()).toEqual(['n1', 'n2']);
    expect(lab.master()).not.toBeNull();
  });

  it('lets a node that finds no cluster answer after half a minute all the same', () => {
    const lab = new Lab(seed);
    const node = lab.launch('n1', '5.5.3', two);
    lab.run(25_000);
    expect(node.httpOpen).toBe(false);
    lab.run(20_000);
    expect(node.httpOpen).toBe(true);
    expect(node.phase.at).toBe('joining');
  });

  it('elects another master when the elected one leaves, after the ping round of old versions', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1', 'n2', 'n3']);
    const first = lab.master() ?? '';
    lab.kill(first);
    expect(lab.master()).toBeNull();
    lab.run(1_000);
    expect(lab.master()).toBeNull();
    lab.run(5_000);
    expect(lab.master()).not.toBeNull();
    expect(lab.master()).not.toBe(first);
  });

  it('has no master while a majority of masters is gone, and notes both', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1', 'n2', 'n3']);
    lab.kill('n1');
    lab.run(10_000);
    expect(lab.kinds()).toEqual([]);
    lab.kill('n2');
    lab.run(30_000);
    expect(lab.master()).toBeNull();
    expect(lab.kinds()).toEqual(['quorum-lost', 'two-masters-down']);
  });

  it.each([
    ['5.5.3', '6.3.2', ['n1', 'n2']],
    ['5.6.16', '6.3.2', ['n1', 'n2', 'n3']],
    ['6.3.2', '7.17.29', ['n1', 'n2']],
    ['6.8.23', '7.17.29', ['n1', 'n2', 'n3']],
    ['6.3.2', '5.6.16', ['n1', 'n2']],
    ['6.7.0', '6.3.2', ['n1', 'n2', 'n3']],
  ])('%s nodes and a %s node: %j are members', (old, other, members) => {
    const lab = new Lab(seed);
    lab.form(old, ['n1', 'n2']);
    lab.launch('n3', other, other < '7' ? two : {});
    lab.run(25_000);
    expect(lab.members()).toEqual(members);
  });

  it('does not take a node older than an index', () => {
    const lab = new Lab(seed);
    lab.form('6.7.0', ['n1', 'n2']);
    lab.index('one', 1, 1);
    const node = lab.launch('n3', '6.3.2', two);
    lab.run(25_000);
    expect(lab.members()).toEqual(['n1', 'n2']);
    expect(node.log.at(-1)).toMatch(/^index \[one\/\w+\] version not supported: 6\.7\.0 the node version is: 6\.3\.2$/);
  });

  it('archives a setting that the new master no longer knows', () => {
    const lab = new Lab(seed);
    lab.form('5.6.16', ['n1', 'n2']);
    lab.cluster.persistent['indices.store.throttle.type'] = 'none';
    for (const name of ['n1', 'n2']) {
      lab.kill(name);
      lab.run(10_000);
      lab.launch(name, '6.3.2', two);
      lab.run(25_000);
    }
    expect(lab.cluster.persistent).toEqual({ 'archived.indices.store.throttle.type': 'none' });
  });

  it('goes over to votes once the last old master is 7, and keeps an odd number of voters', () => {
    const lab = new Lab(seed);
    lab.form('6.8.23', ['n1', 'n2', 'n3']);
    for (const name of ['n1', 'n2', 'n3']) {
      expect(lab.cluster.votingConfig).toEqual([]);
      lab.kill(name);
      lab.run(10_000);
      lab.launch(name, '7.17.29');
      lab.run(25_000);
    }
    expect(lab.cluster.votingConfig).toHaveLength(3);
    expect(lab.kinds()).toEqual([]);
  });

  it('takes the copies of a node from it even when it is back before a new master is elected', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1', 'n2', 'n3']);
    lab.index('one', 2, 2);
    lab.run(10_000);
    const master = lab.master() ?? '';
    lab.kill(master);
    const back = lab.launch(master, '5.5.3', two);
    lab.run(100);
    const taken = lab.cluster.copies.filter((copy) => copy.nodeId === back.nodeId && copy.state === 'STARTED');
    expect(taken.map((copy) => copy.shard)).toEqual([0, 1]);
    // How long the election and the start take is chance, so that it may have joined again when there is a master.
    for (let step = 0; step < 100 && lab.master() === null; step += 1) lab.run(100);
    expect(lab.master()).not.toBeNull();
    expect(lab.master()).not.toBe(master);
    expect(lab.cluster.copies.filter((copy) => copy.nodeId === back.nodeId && copy.state === 'STARTED')).toEqual([]);
    lab.run(20_000);
    expect(lab.members()).toEqual(['n1', 'n2', 'n3']);
    expect(lab.cluster.copies.every((copy) => copy.state === 'STARTED')).toBe(true);
  });
});

describe('what must never happen is noted at the moment it does', () => {
  it('the last started copy of a shard leaves', () => {
    const lab = new Lab(seed);
    lab.form('5.5.3', ['n1', 'n2', 'n3']);
    lab.index('one', 1, 1);
    lab.run(10_000);
    const holders = lab.copies().map((copy) => copy.split(' ').at(-1) ?? '');
    lab.kill(holders[0] ?? '');
    expect(lab.kinds()).toEqual([]);
    lab.kill(holders[1] ?? '');
    expect(lab.kinds()).toContain('last-copy-lost');
  });
});
