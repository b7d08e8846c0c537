import { describe, expect, it } from 'vitest';
import type { Hop } from '../../../domain/index.ts';
import { aWorld, backward, forward, memberOf, ofKind, old, planOf, type World, withEtcd, young } from '../testing-world.ts';
import { isReady, observe } from '../testing-world-look.ts';
import { run } from '../testing-world-run.ts';

const everyProgram = (world: World) =>
  ofKind(world, 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler')
    .filter(({ spec }) => !spec.surge)
    .map((member) => `${member.spec.name} ${member.release.version}${member.emulate === null ? '' : ` as ${member.emulate}`}`);

/** From the first look that finds every apiserver behaving as the old one to the last before that is lifted. */
function soakOf(world: World) {
  const seen: number[] = [];
  return {
    look: ({ acts, nowMs }: World) => {
      const declared = ofKind(world, 'kube-apiserver').filter(({ spec }) => !spec.surge);
      const rolled = seen.length > 0 || declared.every((one) => one.release.version === '1.37' && isReady(world, one));
      if (rolled && !acts.includes('start-surge apiserver-surge 1.37+eks.2')) seen.push(nowMs);
    },
    lastedMs: () => (seen.at(-1) ?? 0) - (seen[0] ?? 0),
  };
}

function dropOut(world: World, name: string): void {
  memberOf(world, name).readyAtMs = world.nowMs + 3_000;
}

describe('the way to a newer minor', () => {
  it('takes a snapshot, rolls the apiservers behaving as the old one, lifts that, and takes the controllers last', () => {
    const world = aWorld();
    const end = run(world, { plan: planOf([forward]) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.violations).toEqual([]);
    expect(world.acts).toEqual([
      'snapshot-etcd etcd-1',
      'start-surge apiserver-surge 1.37+eks.2 as 1.36',
      'replace-member apiserver-1 1.37+eks.2 as 1.36',
      'replace-member apiserver-2 1.37+eks.2 as 1.36',
      'stop-surge apiserver-surge',
      'start-surge apiserver-surge 1.37+eks.2',
      'replace-member apiserver-1 1.37+eks.2',
      'replace-member apiserver-2 1.37+eks.2',
      'stop-surge apiserver-surge',
      'replace-member controller-manager-2 1.37+eks.2',
      'replace-member controller-manager-1 1.37+eks.2',
      'replace-member scheduler-2 1.37+eks.2',
      'replace-member scheduler-1 1.37+eks.2',
      // It was told to end before, and is waited for now that nothing else is left.
      'stop-surge apiserver-surge',
    ]);
    expect(end.waits).toContain('k8s.soaking');
  });

  it('soaks for as long as the cluster says, every apiserver emulating; the surge one leaves meanwhile', () => {
    const world = aWorld();
    world.soakMs = 60_000;
    const soak = soakOf(world);
    run(world, { plan: planOf([forward]), before: soak.look });
    expect(soak.lastedMs()).toBeGreaterThanOrEqual(60_000);
    expect(soak.lastedMs()).toBeLessThan(65_000);
    expect(world.acts.slice(4, 6)).toEqual(['stop-surge apiserver-surge', 'start-surge apiserver-surge 1.37+eks.2']);
  });

  it.each<[string, (world: World) => void]>([
    ['ends', (world) => Object.assign(memberOf(world, 'apiserver-2'), { process: 'stopped' })],
    ['is not ready for a moment', (world) => dropOut(world, 'apiserver-2')],
    ['is away with all the others for want of etcd', (world) => dropOut(world, 'etcd-1')],
  ])('soaks anew when an apiserver %s', (_, drop) => {
    const world = aWorld();
    world.soakMs = 60_000;
    const soak = soakOf(world);
    let dropped = false;
    run(world, {
      plan: planOf([forward]),
      before: (current) => {
        soak.look(current);
        if (dropped || soak.lastedMs() < 30_000) return;
        dropped = true;
        world.fallen.add('apiserver-2').add('etcd-1');
        drop(world);
      },
    });
    expect(dropped).toBe(true);
    // Half of it, the time until it is ready again, and all of it once more.
    expect(soak.lastedMs()).toBeGreaterThanOrEqual(90_000);
    expect(world.acts.filter((act) => act === 'start-surge apiserver-surge 1.37+eks.2')).toHaveLength(1);
  });

  it.each<[string, Hop, string]>([
    ['forward', forward, '1.37+eks.2'],
    ['back, where the apiservers come afterwards', backward, '1.36+eks.3'],
  ])('takes schedulers while a controller manager waits for its lease, and nobody else: %s', (_, hop, release) => {
    const world = aWorld({ release: hop.from, leaseMs: 60_000 });
    const meanwhile: string[] = [];
    const end = run(world, {
      plan: planOf([hop]),
      before: ({ acts }) => {
        const leads = ofKind(world, 'kube-controller-manager').some(({ leader }) => leader);
        if (!leads) meanwhile.splice(0, meanwhile.length, ...acts);
      },
    });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(end.waits).toContain('k8s.controller-without-leader');
    expect(meanwhile.slice(meanwhile.findIndex((act) => act.includes(' controller-manager-1')) + 1)).toEqual([
      `replace-member scheduler-2 ${release}`,
      `replace-member scheduler-1 ${release}`,
    ]);
    for (const kind of ['kube-controller-manager', 'kube-scheduler'] as const)
      expect(ofKind(world, kind).filter(({ leader }) => leader)).toHaveLength(1);
  });

  it('replaces apiservers in place, one at a time, where there is no place for one more', () => {
    const world = aWorld({ surge: false });
    const end = run(world, { plan: planOf([forward]) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.acts.filter((act) => act.includes('surge'))).toEqual([]);
    expect(world.violations).toEqual([]);
  });

  it('lifts etcd before the apiservers where the target runs with a newer one, the leader moved away first', () => {
    const world = aWorld({ release: withEtcd.from, etcd: 3 });
    const end = run(world, { plan: planOf([withEtcd]) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.acts.slice(0, 6)).toEqual([
      'snapshot-etcd etcd-2',
      'replace-member etcd-2 3.6.16',
      'replace-member etcd-3 3.6.16',
      'move-etcd-leader etcd-1 to etcd-2',
      'replace-member etcd-1 3.6.16',
      'start-surge apiserver-surge 1.36+eks.3 as 1.35',
    ]);
    expect(world.violations).toEqual([]);
  });

  it('walks one hop after the other', () => {
    const world = aWorld({ release: withEtcd.from });
    const end = run(world, { plan: planOf([withEtcd, forward]) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect([...new Set(everyProgram(world).map((text) => text.split(' ').slice(1).join(' ')))]).toEqual(['1.37']);
    expect(world.violations).toEqual([]);
  });

  it('goes on where another run was cancelled', () => {
    const world = aWorld();
    const first = run(world, {
      plan: planOf([forward]),
      intent: () => (world.acts.length >= 3 ? 'cancel' : 'go'),
    });
    expect(first.last.move).toMatchObject({ do: 'done', as: 'cancelled' });
    expect(first.last.move).toMatchObject({ says: expect.stringContaining('1.36 (eks.3) and 1.37 (eks.2)') });
    expect(memberOf(world, 'apiserver-surge').process).toBe('stopped');
    const launches = memberOf(world, 'apiserver-1').launches;
    const second = run(world, { plan: planOf([forward]) });
    expect(second.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(memberOf(world, 'apiserver-1').launches).toBe(launches + 1);
    expect(world.violations).toEqual([]);
  });

  it('does nothing but say so where everything is as wanted', () => {
    const world = aWorld({ release: young });
    const end = run(world, { plan: planOf([forward]) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.acts).toEqual([]);
  });

  it('waits at the gate after the first apiserver, the surge one gone', () => {
    const world = aWorld();
    const plan = planOf([forward], { gateAfterFirstMember: true });
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({ do: 'gate', because: { subject: 'apiserver-1' } });
    expect(memberOf(world, 'apiserver-surge').process).toBe('stopped');
    const on = run(world, { plan, ledger: { ...end.last.ledger, gatesPassed: [0] }, generation: 2 });
    expect(on.last.move).toMatchObject({ do: 'done', as: 'done' });
  });
});

describe('what keeps a hop from beginning', () => {
  it('is a full etcd, with what to do', () => {
    const world = aWorld();
    memberOf(world, 'etcd-1').alarms.push('NOSPACE');
    const end = run(world, { plan: planOf([forward]) });
    expect(end.last.move).toMatchObject({
      do: 'stop',
      because: { code: 'k8s.etcd-has-an-alarm', subject: 'etcd-1', clearedBy: expect.stringContaining('defragment') },
    });
    expect(world.acts).toEqual([]);
  });

  it('is an apiserver that is not ready', () => {
    const world = aWorld();
    memberOf(world, 'apiserver-2').readyAtMs = Number.POSITIVE_INFINITY;
    const end = run(world, { plan: planOf([forward]) });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'k8s.member-not-ready', subject: 'apiserver-2' } });
    expect(world.acts).toEqual([]);
  });

  it('is a refused trial, in the words of the component', () => {
    const world = aWorld();
    const trials = [
      {
        key: { clusterId: 'c', member: 'scheduler-1', release: young, settingsHash: '' },
        outcome: { kind: 'refused' as const, at: '', lastLines: ['unrecognized feature gate: Old'] },
      },
      ...['apiserver-1', 'apiserver-2', 'controller-manager-1', 'controller-manager-2', 'scheduler-2'].map((member) => ({
        key: { clusterId: 'c', member, release: young, settingsHash: '' },
        outcome: { kind: 'off' as const },
      })),
    ];
    const end = run(world, { plan: planOf([forward]), trials });
    expect(end.last.move).toMatchObject({
      do: 'stop',
      because: { code: 'k8s.trial-start-refused', subject: 'scheduler-1', evidence: ['unrecognized feature gate: Old'] },
    });
    expect(world.acts).toEqual([]);
  });

  it('is a trial that does not finish', () => {
    const end = run(aWorld(), { plan: planOf([forward]), trials: [] });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'k8s.trial-start-does-not-finish' } });
  });

  it('is a snapshot that fails', () => {
    const world = aWorld();
    const end = run(world, { plan: planOf([forward]), failing: (act) => act.startsWith('snapshot-etcd') });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'k8s.etcd-snapshot-fails' } });
    expect(world.acts).toEqual([]);
  });

  it('is a release that cannot be got', () => {
    const world = aWorld();
    world.prefetched = ['1.36+eks.3'];
    const end = run(world, { plan: planOf([forward]), failing: (act) => act === 'prefetch' });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'k8s.artefact-not-available', subject: 'local' } });
  });

  it('is another cluster at its addresses', () => {
    const world = aWorld();
    world.otherCluster = 'somebody-else';
    const end = run(world, { plan: planOf([forward]) });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'k8s.another-cluster-answers' } });
    expect(world.acts).toEqual([]);
  });

  it('is a program that its host did not start', () => {
    const world = aWorld();
    const plan = planOf([forward]);
    memberOf(world, 'apiserver-1').process = 'unknown';
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({ do: 'stop' });
    expect(memberOf(world, 'apiserver-1').release).toEqual(old);
    expect(observe(world).cluster.kind).toBe('seen');
  });
});
