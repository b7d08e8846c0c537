import { describe, expect, it } from 'vitest';
import { emptyLedger, type Observation, type SeenKubernetes, withAttempt } from '../../../domain/index.ts';
import { limits } from '../limits.ts';
import { aGroup, aWorld, catalog, forward, memberOf, ofKind, planOf, type World, worldCluster, young } from '../testing-world.ts';
import { observe } from '../testing-world-look.ts';
import { run } from '../testing-world-run.ts';
import { decide } from './index.ts';

const plan = planOf([forward]);

function kill(world: World, ...names: readonly string[]): void {
  for (const name of names) {
    memberOf(world, name).process = 'stopped';
    world.fallen.add(name);
  }
}

/** Does something once, when so many acts were made. */
function whenActed(acts: number, what: (world: World) => void) {
  let happened = false;
  return (world: World) => {
    if (happened || world.acts.length < acts) return;
    happened = true;
    what(world);
  };
}

describe('members that end by themselves', () => {
  it('are started again behaving as the others do, an apiserver in the first roll', () => {
    const world = aWorld();
    const end = run(world, { plan, before: whenActed(4, (current) => kill(current, 'apiserver-1')) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.acts[4]).toBe('start-member apiserver-1 1.37+eks.2 as 1.36');
    expect(world.violations).toEqual([]);
  });

  it('are started again as the old one where that one was not taken yet', () => {
    const world = aWorld();
    run(world, { plan, before: whenActed(3, (current) => kill(current, 'apiserver-2')) });
    expect(world.acts[3]).toBe('start-member apiserver-2 1.36+eks.3');
    expect(world.violations).toEqual([]);
  });

  it('come up in the order in which they need each other after etcd lost its majority', () => {
    const world = aWorld({ etcd: 3 });
    const all = ['etcd-1', 'etcd-2', 'controller-manager-1', 'scheduler-1', 'controller-manager-2', 'scheduler-2', 'front-door'];
    const end = run(world, { plan, before: whenActed(5, (current) => kill(current, ...all)) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    const started = world.acts.slice(5).filter((act) => act.startsWith('start-member'));
    expect(started.slice(0, 3)).toEqual([
      'start-member etcd-1 3.6.16',
      'start-member etcd-2 3.6.16',
      'start-member front-door 1.36+eks.3',
    ]);
    expect(
      started
        .slice(3)
        .map((act) => act.split(' ')[1])
        .sort(),
    ).toEqual(all.slice(2, 6).sort());
    expect(world.violations).toEqual([]);
  });

  it('are no reason to hold the control plane where they are nodes', () => {
    const world = aWorld({ nodegroups: [aGroup('blue', 2)] });
    world.starts = (start) => (start.startsWith('blue-2') ? 'ends' : 'ready');
    const end = run(world, { plan, before: whenActed(2, (current) => kill(current, 'blue-2')) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(world.acts.filter((act) => act === 'start-node blue-2 1.36+eks.3').length).toBe(3);
  });

  it('are started by whoever goes on after the whole control plane was down', () => {
    const world = aWorld();
    const names = world.members.filter(({ spec }) => !spec.surge).map(({ spec }) => spec.name);
    const end = run(world, { plan, before: whenActed(7, (current) => kill(current, ...names, 'apiserver-surge')) });
    expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
    expect(
      ofKind(world, 'kube-apiserver', 'kube-scheduler')
        .filter(({ spec }) => !spec.surge)
        .map(({ release }) => release),
    ).toEqual([young, young, young, young]);
    expect(world.violations).toEqual([]);
  });
});

/** Two of three are gone for good: apiservers answer that they are not ready, and tell of no node. */
function withoutMajority(world: World): Observation<SeenKubernetes> {
  const { cluster } = observe(world);
  if (cluster.kind !== 'seen') throw new Error('it answers');
  kill(world, 'etcd-1', 'etcd-2');
  const apiservers = cluster.seen.apiservers.map((apiserver) => ({ ...apiserver, ready: false, notReady: ['etcd'] }));
  const etcd = cluster.seen.etcd.filter(({ name }) => name === 'etcd-3').map((member) => ({ ...member, healthy: false }));
  return {
    ...observe(world),
    cluster: { kind: 'seen', seen: { ...cluster.seen, apiservers, etcd, nodes: [] } },
    unknowns: ['nodes: HTTP 500'],
  };
}

describe('an etcd that is not brought up again', () => {
  it.each([
    { groups: [aGroup('blue', 1)], remarks: [expect.stringContaining('cordoned by us'), expect.stringContaining('Not ready')] },
    { groups: [], remarks: [expect.stringContaining('Not ready')] },
  ])('stops the upgrade at once, for nobody else tells of nodes meanwhile', ({ groups, remarks }) => {
    const world = aWorld({ etcd: 3, nodegroups: groups });
    const observation = withoutMajority(world);
    let ledger = { ...emptyLedger, generation: 1 };
    for (let start = 0; start < limits.restartAttempts; start += 1) ledger = withAttempt(ledger, 'restart etcd-1');
    const now = observation.at;
    const cluster = worldCluster(world);
    const decision = decide({ cluster, catalog, plan, observation, ledger, intent: 'go', generation: 1, trials: [], now });
    expect(decision.move).toMatchObject({ do: 'stop', because: { code: 'k8s.member-does-not-start', subject: 'etcd-1' } });
    expect(decision.remarks).toEqual(remarks);
  });
});

describe('what cannot be known', () => {
  it('is waited for, and a person is asked in the end', () => {
    const world = aWorld();
    const end = run(world, {
      plan,
      before: whenActed(3, (current) => {
        current.hostAway = true;
        memberOf(current, 'apiserver-1').process = 'unknown';
        memberOf(current, 'apiserver-1').readyAtMs = Number.POSITIVE_INFINITY;
        current.fallen.add('apiserver-1');
      }),
    });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'k8s.member-process-unknown', subject: 'apiserver-1' } });
  });

  it('stops with its reason when a full etcd keeps the new program from getting ready', () => {
    const world = aWorld();
    const end = run(world, {
      plan,
      before: whenActed(2, (current) => memberOf(current, 'etcd-1').alarms.push('NOSPACE')),
    });
    expect(end.last.move).toMatchObject({ do: 'stop', because: { code: 'k8s.etcd-has-an-alarm', subject: 'etcd-1' } });
    expect(memberOf(world, 'apiserver-surge').process).toBe('stopped');
    memberOf(world, 'etcd-1').alarms.length = 0;
    const second = run(world, { plan, ledger: end.last.ledger, generation: 2 });
    expect(second.last.move).toMatchObject({ do: 'done', as: 'done' });
  });
});
