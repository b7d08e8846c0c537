import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Hop, type Intent, releaseKey } from '../../../domain/index.ts';
import {
  aWorld,
  backward,
  forward,
  memberOf,
  ofKind,
  patch,
  planOf,
  type World,
  type WorldSize,
  withEtcd,
  worldCluster,
} from '../testing-world.ts';
import { behaves, isReady } from '../testing-world-look.ts';
import { run } from '../testing-world-run.ts';

const seed = process.env.CLUSTERLIFT_SEED;
const thorough: fc.Parameters<unknown> = { numRuns: 60, ...(seed === undefined ? {} : { seed: Number(seed) }) };

const anySize: fc.Arbitrary<WorldSize> = fc.record({
  etcd: fc.constantFrom(1, 3),
  apiservers: fc.integer({ min: 1, max: 3 }),
  surge: fc.boolean(),
  controllers: fc.constantFrom(1, 2),
  leaseMs: fc.constantFrom(0, 18_000),
});
const anyHop = fc.constantFrom<Hop>(forward, backward, patch, withEtcd);

const anyFaults = fc.record({
  cuts: fc.array(fc.record({ turn: fc.nat(200), how: fc.constantFrom('before' as const, 'after' as const) }), { maxLength: 4 }),
  fails: fc.array(fc.nat(200), { maxLength: 3 }),
  falls: fc.array(fc.record({ turn: fc.nat(200), member: fc.nat(20) }), { maxLength: 2 }),
  wish: fc.option(fc.record({ turn: fc.nat(200), intent: fc.constantFrom<Intent>('pause', 'cancel') })),
});
/** Starts of one member at the hop's target that never come to anything. */
const anyRefusal = fc.option(
  fc.record({ member: fc.nat(20), how: fc.constantFrom('ends' as const, 'never-ready' as const), lifted: fc.boolean() }),
);

const tame = { cuts: [], fails: [], falls: [], wish: null };
type Faults = typeof anyFaults extends fc.Arbitrary<infer F> ? F : never;
type Refusal = typeof anyRefusal extends fc.Arbitrary<infer R> ? R : never;

function refuse(world: World, hop: Hop, refusal: Refusal): void {
  const candidates = ofKind(world, 'etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler').filter(
    ({ spec }) => spec.component !== 'etcd' || hop === withEtcd,
  );
  const name = refusal === null ? undefined : candidates[refusal.member % candidates.length]?.spec.name;
  if (refusal === null || name === undefined) return;
  const target = name.startsWith('etcd') ? '3.6.16' : releaseKey(hop.to);
  world.starts = (start) => {
    const asked = start.startsWith(`${name} ${target}`) && (!refusal.lifted || !start.includes(' as '));
    return asked ? refusal.how : 'ready';
  };
}

function lift(world: World, hop: Hop, faults: Faults) {
  return run(world, {
    cluster: worldCluster(world),
    plan: planOf([hop]),
    cutOff: (turn) => faults.cuts.find((cut) => cut.turn === turn)?.how ?? null,
    failing: (_act, turn) => faults.fails.includes(turn),
    intent: (turn) => (faults.wish !== null && turn >= faults.wish.turn ? faults.wish.intent : 'go'),
    before: (current, turn) => {
      for (const fall of faults.falls.filter((candidate) => candidate.turn === turn)) {
        const member = current.members[fall.member % current.members.length];
        if (member?.process !== 'running') continue;
        member.process = 'stopped';
        current.fallen.add(member.spec.name);
      }
    },
  });
}

function runsEverywhere(world: World, hop: Hop): void {
  for (const member of ofKind(world, 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler')) {
    if (member.spec.surge) continue;
    expect([member.spec.name, releaseKey(member.release), member.process]).toEqual([
      member.spec.name,
      releaseKey(hop.to),
      'running',
    ]);
    if (member.spec.component === 'kube-apiserver') expect(behaves(member)).toBe(hop.to.version);
  }
}

/** What ended or hangs after an upgrade has ended is started again by others. */
function upkeep(world: World): void {
  for (const member of world.members.filter(({ spec }) => !spec.surge)) {
    member.process = 'running';
    member.readyAtMs = Math.min(member.readyAtMs, world.nowMs);
  }
}

/** It stays only where it stands in for one that does not come up. */
function surgeIsGone(world: World): void {
  const [surge] = ofKind(world, 'kube-apiserver').filter((member) => member.spec.surge && member.process === 'running');
  const away = ofKind(world, 'kube-apiserver').filter((member) => !member.spec.surge && !isReady(world, member));
  if (away.length === 0) expect(surge?.spec.name).toBeUndefined();
}

describe('decide, over random control planes', () => {
  it('lifts every member, keeps every promise, and restarts no member more often than the course asks', () => {
    fc.assert(
      fc.property(anySize, anyHop, (size, hop) => {
        const world = aWorld({ ...size, release: hop.from });
        const end = lift(world, hop, tame);
        expect(end.last.move).toMatchObject({ do: 'done', as: 'done' });
        expect(world.violations).toEqual([]);
        runsEverywhere(world, hop);
        surgeIsGone(world);
        const rolls = hop === patch ? 1 : 2;
        for (const member of ofKind(world, 'kube-apiserver')) if (!member.spec.surge) expect(member.launches).toBe(1 + rolls);
        for (const member of ofKind(world, 'kube-controller-manager', 'kube-scheduler')) expect(member.launches).toBe(2);
      }),
      thorough,
    );
  });

  it('keeps them when a member never comes up at the target, and either returns or stops with its name', () => {
    fc.assert(
      fc.property(anySize, anyHop, anyRefusal, (size, hop, refusal) => {
        const world = aWorld({ ...size, release: hop.from });
        refuse(world, hop, refusal);
        const end = lift(world, hop, tame);
        expect(world.violations).toEqual([]);
        const { move } = end.last;
        if (move.do === 'returned') {
          runsEverywhere(world, { ...hop, to: hop.from });
          surgeIsGone(world);
        } else if (move.do === 'stop') {
          world.starts = () => 'ready';
          const again = run(world, { plan: planOf([hop]), ledger: end.last.ledger, generation: 2 });
          expect(['done', 'returned']).toContain(again.last.move.do);
          expect(world.violations).toEqual([]);
          surgeIsGone(world);
        } else {
          expect(move).toMatchObject({ do: 'done', as: 'done' });
          runsEverywhere(world, hop);
        }
      }),
      thorough,
    );
  });

  it('keeps them when turns are cut off, acts fail, members fall over and owners change their minds, and a second run finishes', () => {
    fc.assert(
      fc.property(anySize, anyHop, anyFaults, anyRefusal, (size, hop, faults, refusal) => {
        const world = aWorld({ ...size, release: hop.from });
        refuse(world, hop, refusal);
        const end = lift(world, hop, faults);
        expect(world.violations).toEqual([]);
        const { move, ledger } = end.last;
        if (move.do === 'done' && move.as === 'done') runsEverywhere(world, hop);
        if (move.do === 'returned') runsEverywhere(world, { ...hop, to: hop.from });
        if (move.do !== 'stop') surgeIsGone(world);
        world.starts = () => 'ready';
        if (move.do !== 'stop') upkeep(world);
        const ended = move.do === 'returned' || (move.do === 'done' && move.as !== 'paused');
        const again = run(world, { plan: planOf([hop]), generation: 2, ...(ended ? {} : { ledger }) });
        expect(world.violations).toEqual([]);
        surgeIsGone(world);
        if (again.last.move.do === 'returned') runsEverywhere(world, { ...hop, to: hop.from });
        else {
          expect(again.last.move).toMatchObject({ do: 'done', as: 'done' });
          runsEverywhere(world, hop);
        }
        expect(memberOf(world, 'front-door').process).toBe('running');
      }),
      thorough,
    );
  });
});
