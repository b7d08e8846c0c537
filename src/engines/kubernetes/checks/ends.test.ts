import { describe, expect, it } from 'vitest';
import { aHop, backward, forward, memberOf, ofKind, type World, withEtcd } from '../testing-world.ts';
import { checks } from './index.ts';
import { ask, subjectsOf } from './testing.ts';
import { endsOfMembers } from './testing-ends-of-members.ts';
import { endsOfWorkloads } from './testing-ends-of-workloads.ts';
import { node, nodes } from './testing-facts.ts';

const ends = { ...endsOfMembers, ...endsOfWorkloads };

describe('every check', () => {
  it('is asked here, by an id that is a dotted sentence, each once', () => {
    expect(checks.map(({ id }) => id).sort()).toEqual(Object.keys(ends).sort());
    for (const { id } of checks) expect(id).toMatch(/^k8s\.[a-z]+(-[a-z]+)*$/);
    for (const { asks } of checks) expect(asks).toMatch(/\?$/);
  });

  it.each(Object.entries(ends))('%s passes', (id, { passed }) => {
    expect(subjectsOf(ask(id, passed))).toBe('passed');
  });

  it.each(Object.entries(ends))('%s finds what it is about, and names it', (id, { found }) => {
    const result = ask(id, found.change);
    expect(subjectsOf(result)).toEqual(found.subjects);
    for (const { says, remedy } of result.kind === 'found' ? result.findings : [])
      expect([says, remedy].every((text) => text.endsWith('.'))).toBe(true);
  });

  it.each(Object.entries(ends).filter(([, { notApplicable }]) => notApplicable !== null))(
    '%s says where it does not apply',
    (id, { notApplicable }) => {
      expect(subjectsOf(ask(id, notApplicable ?? {}))).toBe('not-applicable');
    },
  );

  it.each(Object.entries(ends).filter(([, { couldNotRun }]) => couldNotRun !== null))(
    '%s says when it could not be asked',
    (id, { couldNotRun }) => {
      expect(subjectsOf(ask(id, couldNotRun ?? {}))).toBe('could-not-run');
    },
  );
});

describe('more of what checks tell', () => {
  it('names nodes that would be newer than what an apiserver behaves as', () => {
    const emulating = (world: World) => (memberOf(world, 'apiserver-2').emulate = '1.36');
    expect(subjectsOf(ask('k8s.nodes-within-skew', { hop: nodes, world: emulating }))).toEqual(['hazard member apiserver-2']);
    expect(subjectsOf(ask('k8s.nodes-within-skew', { hop: nodes }))).toBe('passed');
  });

  it('lets a kubelet before 1.25 be two minors behind only', () => {
    const hop = aHop({ version: '1.26', build: null }, { version: '1.27', build: null });
    expect(subjectsOf(ask('k8s.nodes-within-skew', { hop, seen: { nodes: [node({ kubeletVersion: '1.24.0' })] } }))).toEqual([
      'hazard node blue-1',
    ]);
    expect(subjectsOf(ask('k8s.nodes-within-skew', { hop, seen: { nodes: [node({ kubeletVersion: '1.25.0' })] } }))).toBe(
      'passed',
    );
  });

  it('finds a certificate that has run out unsafe', () => {
    const seen = { certificateNotAfter: '2026-01-01T00:00:00.000Z' };
    expect(subjectsOf(ask('k8s.certificates-last', { seen }))).toEqual(['hazard certificate']);
  });

  it('takes two etcd members for unsafe, and asks nothing where none is lifted', () => {
    expect(subjectsOf(ask('k8s.etcd-keeps-serving', { hop: withEtcd, etcd: 2 }))).toEqual(['hazard etcd']);
    expect(subjectsOf(ask('k8s.etcd-keeps-serving', { hop: forward, etcd: 1 }))).toBe('passed');
  });

  it('finds members that run neither end of the hop', () => {
    const world = (current: World) => (memberOf(current, 'scheduler-2').release = { version: '1.34', build: 'eks.4' });
    expect(subjectsOf(ask('k8s.control-plane-healthy', { world }))).toEqual(['hazard member scheduler-2']);
  });

  it('tells that no controller leads, which keeps no start back: the loop waits for it', () => {
    const world = (current: World) => {
      for (const member of ofKind(current, 'kube-controller-manager')) member.leader = false;
    };
    expect(subjectsOf(ask('k8s.control-plane-healthy', { world }))).toEqual(['told hazard kube-controller-manager']);
  });

  it('finds a way back that no upgrade has opened', () => {
    expect(subjectsOf(ask('k8s.rollback-within-seven-days', { hop: backward, context: { history: [] } }))).toEqual([
      'policy cluster',
    ]);
  });
});
