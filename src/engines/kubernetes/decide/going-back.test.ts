import { describe, expect, it } from 'vitest';
import {
  aWorld,
  backward,
  forward,
  memberOf,
  ofKind,
  old,
  patch,
  planOf,
  type World,
  withEtcd,
  young,
} from '../testing-world.ts';
import { run } from '../testing-world-run.ts';

const programs = (world: World) =>
  Object.fromEntries(
    ofKind(world, 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler')
      .filter(({ spec }) => !spec.surge)
      .map((member) => [member.spec.name, `${member.release.version}${member.emulate === null ? '' : ` as ${member.emulate}`}`]),
  );
const all = (version: string) => ({
  'apiserver-1': version,
  'apiserver-2': version,
  'controller-manager-1': version,
  'controller-manager-2': version,
  'scheduler-1': version,
  'scheduler-2': version,
});

describe('a hop that cannot be done', () => {
  it('touches no declared apiserver where the one beside them already refuses, and tells its words', () => {
    const world = aWorld();
    world.starts = (start) => (start.includes('1.37') ? 'ends' : 'ready');
    const end = run(world, { plan: planOf([forward]) });
    expect(end.last.move).toMatchObject({
      do: 'returned',
      because: {
        code: 'k8s.member-does-not-start',
        subject: 'apiserver-surge',
        evidence: ['unrecognized feature gate: Old'],
      },
    });
    expect(programs(world)).toEqual(all('1.36'));
    expect(memberOf(world, 'apiserver-1').launches).toBe(1);
    expect(world.violations).toEqual([]);
  });

  it('goes back with every apiserver at the new program when one does not get ready', () => {
    const world = aWorld({ apiservers: 3 });
    world.starts = (start) => (start.startsWith('apiserver-3 1.37') ? 'never-ready' : 'ready');
    const end = run(world, { plan: planOf([forward]) });
    expect(end.last.move).toMatchObject({
      do: 'returned',
      because: { code: 'k8s.member-does-not-get-ready', subject: 'apiserver-3' },
    });
    expect(programs(world)).toMatchObject({ 'apiserver-1': '1.36', 'apiserver-2': '1.36', 'apiserver-3': '1.36' });
    expect(memberOf(world, 'apiserver-surge').process).toBe('stopped');
    expect(world.violations).toEqual([]);
  });

  it('goes back when an apiserver falls over in the soak and does not come again', () => {
    const world = aWorld();
    world.soakMs = 600_000;
    let fell = false;
    const end = run(world, {
      plan: planOf([forward]),
      before: () => {
        if (fell || world.acts.length !== 5) return;
        fell = true;
        world.fallen.add('apiserver-2');
        memberOf(world, 'apiserver-2').process = 'stopped';
        world.starts = (start) => (start.startsWith('apiserver-2 1.37') ? 'ends' : 'ready');
      },
    });
    expect(end.last.move).toMatchObject({ do: 'returned', because: { subject: 'apiserver-2' } });
    expect(programs(world)).toEqual(all('1.36'));
    expect(world.violations).toEqual([]);
  });

  it('stops for a person once the emulation is being lifted, the one for more standing in', () => {
    const world = aWorld();
    world.starts = (start) => (start === 'apiserver-2 1.37+eks.2' ? 'ends' : 'ready');
    const plan = planOf([forward]);
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'k8s.member-does-not-start', subject: 'apiserver-2' } });
    expect(memberOf(world, 'apiserver-surge').process).toBe('running');
    expect(end.remarks).toContain('apiserver-surge goes on running: it stands in for apiserver-2.');
    world.starts = () => 'ready';
    const second = run(world, { plan, ledger: end.last.ledger, generation: 2 });
    expect(second.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(programs(world)).toEqual(all('1.37'));
    expect(memberOf(world, 'apiserver-surge').process).toBe('stopped');
    expect(world.violations).toEqual([]);
  });

  it('stops for a person with a controller that does not start, and a second run finishes', () => {
    const world = aWorld();
    world.starts = (start) => (start.startsWith('controller-manager-2 1.37') ? 'ends' : 'ready');
    const plan = planOf([forward]);
    const end = run(world, { plan });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { subject: 'controller-manager-2' } });
    expect(memberOf(world, 'controller-manager-1').release).toEqual(old);
    world.starts = () => 'ready';
    const second = run(world, { plan, ledger: end.last.ledger, generation: 2 });
    expect(second.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(programs(world)).toEqual(all('1.37'));
  });

  it('goes back from another build as well, the controllers with it', () => {
    const world = aWorld({ release: patch.from });
    world.starts = (start) => (start.startsWith('scheduler-1 1.36+eks.3') ? 'ends' : 'ready');
    const end = run(world, { plan: planOf([patch]) });
    expect(end.last.move).toMatchObject({ do: 'returned', because: { subject: 'scheduler-1' } });
    expect(world.members.filter(({ spec }) => !spec.surge).map(({ release }) => release.build)).not.toContain('eks.3');
    expect(world.violations).toEqual([]);
  });

  it('brings an etcd member back that does not start at the newer version', () => {
    const world = aWorld({ release: withEtcd.from, etcd: 3 });
    world.starts = (start) => (start === 'etcd-3 3.6.16' ? 'ends' : 'ready');
    const end = run(world, { plan: planOf([withEtcd]) });
    expect(end.last.move).toMatchObject({ do: 'returned', because: { subject: 'etcd-3' } });
    expect(memberOf(world, 'etcd-3').release.version).toBe('3.5.35');
    expect(programs(world)).toEqual(all('1.35'));
    expect(world.violations).toEqual([]);
  });

  it('says with a cancel what is not well, and asks nobody', () => {
    const world = aWorld();
    world.starts = (start) => (start === 'apiserver-2 1.37+eks.2' ? 'ends' : 'ready');
    const end = run(world, { plan: planOf([forward]), intent: () => (world.acts.length >= 8 ? 'cancel' : 'go') });
    expect(end.last.move).toMatchObject({
      do: 'done',
      as: 'cancelled',
      says: expect.stringContaining('apiserver-2 does not start'),
    });
  });
});

describe('the way back to an older minor', () => {
  it('takes the controllers first, emulates, writes what is stored once more, and swaps the programs last', () => {
    const world = aWorld({ release: young });
    const end = run(world, { plan: planOf([backward]) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.acts).toEqual([
      'snapshot-etcd etcd-1',
      'replace-member controller-manager-2 1.36+eks.3',
      'replace-member controller-manager-1 1.36+eks.3',
      'replace-member scheduler-2 1.36+eks.3',
      'replace-member scheduler-1 1.36+eks.3',
      'start-surge apiserver-surge 1.37+eks.2 as 1.36',
      'replace-member apiserver-1 1.37+eks.2 as 1.36',
      'replace-member apiserver-2 1.37+eks.2 as 1.36',
      'stop-surge apiserver-surge',
      'rewrite-storage 1.36',
      'start-surge apiserver-surge 1.36+eks.3',
      'replace-member apiserver-1 1.36+eks.3',
      'replace-member apiserver-2 1.36+eks.3',
      'stop-surge apiserver-surge',
    ]);
    expect(world.violations).toEqual([]);
  });

  it('returns to the newer one when what is stored cannot be rewritten', () => {
    const world = aWorld({ release: young });
    const end = run(world, { plan: planOf([backward]), failing: (act) => act.startsWith('rewrite-storage') });
    expect(end.last.move).toMatchObject({ do: 'returned', because: { code: 'k8s.storage-not-rewritten' } });
    expect(programs(world)).toEqual(all('1.37'));
    expect(world.violations).toEqual([]);
  });

  it('returns to the newer one when the older program does not start', () => {
    const world = aWorld({ release: young });
    world.starts = (start) => (start.startsWith('apiserver-2 1.36') ? 'ends' : 'ready');
    const end = run(world, { plan: planOf([backward]) });
    expect(end.last.move).toMatchObject({ do: 'returned', because: { subject: 'apiserver-2' } });
    expect(programs(world)).toEqual(all('1.37'));
    expect(world.violations).toEqual([]);
  });

  it('returns to the newer one when an older controller does not start', () => {
    const world = aWorld({ release: young });
    world.starts = (start) => (start.startsWith('scheduler-1 1.36') ? 'ends' : 'ready');
    const end = run(world, { plan: planOf([backward]) });
    expect(end.last.move).toMatchObject({ do: 'returned', because: { subject: 'scheduler-1' } });
    expect(programs(world)).toEqual(all('1.37'));
    expect(world.violations).toEqual([]);
  });

  const turns = (end: ReturnType<typeof run>) => Array.from({ length: end.turns }, (_, turn) => turn);
  const cancelledFrom = (turn: number) => (now: number) => (now >= turn ? 'cancel' : 'go');

  it('is finished by whoever takes it up again, wherever it was cancelled', () => {
    for (const turn of turns(run(aWorld({ release: young }), { plan: planOf([backward]) }))) {
      const world = aWorld({ release: young });
      run(world, { plan: planOf([backward]), intent: cancelledFrom(turn) });
      const end = run(world, { plan: planOf([backward]), generation: 2 });
      expect([turn, end.last.move, programs(world)]).toEqual([turn, expect.objectContaining({ as: 'done' }), all('1.36')]);
      expect([turn, world.violations]).toEqual([turn, []]);
    }
  });

  it('leads back from an upgrade that was cancelled before its end, too', () => {
    for (const turn of turns(run(aWorld(), { plan: planOf([forward]) }))) {
      const world = aWorld();
      run(world, { plan: planOf([forward]), intent: cancelledFrom(turn) });
      const end = run(world, { plan: planOf([backward]), generation: 2 });
      expect([turn, end.last.move, programs(world)]).toEqual([turn, expect.objectContaining({ as: 'done' }), all('1.36')]);
      expect([turn, world.violations]).toEqual([turn, []]);
    }
  });

  it('leaves etcd as it is', () => {
    const world = aWorld({ release: old });
    const end = run(world, { plan: planOf([{ ...withEtcd, from: old, to: withEtcd.from, back: true }]) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(memberOf(world, 'etcd-1').release.version).toBe('3.6.16');
  });
});
