import { expect } from 'vitest';
import type { Hop, Launch, Release } from '../../src/domain/index.ts';
import type { Cut, Point } from './doomed-server.ts';
import { next, old, type PlaneLab } from './plane-lab.ts';

export const points: readonly Point[] = ['before', 'inside', 'after'];
const apiservers = ['apiserver-1', 'apiserver-2'];
const controllers = ['controller-manager-1', 'controller-manager-2', 'scheduler-1', 'scheduler-2'];

const hopOf = (from: Release, to: Release, more: Partial<Hop> = {}): Hop => ({
  from,
  to,
  mode: 'rolling',
  requires: [],
  oneWayDoors: [],
  ...more,
});

/** Every act once, at that point: whoever comes to it again is let through. */
function eachOnce(of: PlaneLab, pointOf: (act: string) => Point): Cut {
  const met = new Set<string>();
  return (act) => {
    // A member is started at one release once a roll; everything else that is asked for again is asked for the same.
    const roll = /^(start|stop) (?!.*-snapshot)/.test(act) ? of.journal.launches.length : 0;
    const key = `${act} ${roll}`;
    if (met.has(key)) return null;
    met.add(key);
    return pointOf(act);
  };
}

/** What the world itself watched all the time, and what must not be left. */
function expectSafeAndClean(of: PlaneLab): void {
  const { faults, seen, processes } = of.members.room;
  expect(faults.violations).toEqual([]);
  expect(seen.fewestReady).toBeGreaterThanOrEqual(1);
  expect(Object.keys(of.versions()).filter((name) => /surge|snapshot|trial/.test(name))).toEqual([]);
  expect([...processes.keys()].filter((name) => /snapshot|trial/.test(name))).toEqual([]);
}

const minorsOf = (of: PlaneLab, names: readonly string[]) => names.map((name) => of.versions()[name]?.replace(/\.\d+$/, ''));
const each = <T>(names: readonly string[], value: T) => Object.fromEntries(names.map((name) => [name, value]));

/** Up and back again, its server killed in every act; tells how often. */
export async function goesThereAndBack(lab: PlaneLab, pointOf: (act: string) => Point): Promise<void> {
  const made = lab.journal.launches.length;
  const there = await lab.lift(hopOf(old, next), eachOnce(lab, pointOf));
  expect(there, JSON.stringify(there.reason)).toMatchObject({ status: 'done', reason: null });
  expect(new Set(minorsOf(lab, [...apiservers, ...controllers]))).toEqual(new Set(['1.37']));
  const { 'etcd-1-snapshot': _one, 'etcd-2-snapshot': _two, 'etcd-3-snapshot': _three, ...up } = lab.launchesSince(made);
  // Behaving as the old minor, and as itself; nobody more often, and etcd not at all.
  expect(up).toEqual({
    ...each([...apiservers, 'apiserver-surge'], ['1.37', '1.37']),
    ...each(controllers, ['1.37']),
  });
  expectSafeAndClean(lab);
  const cut = [...lab.kills];
  for (const name of [...apiservers, ...controllers]) {
    expect(cut).toContain(`stop ${name}`);
    expect(cut).toContain(`start ${name} 1.37`);
  }
  const lifted = lab.journal.launches.length;
  const back = await lab.lift(hopOf(next, old, { back: true }), eachOnce(lab, pointOf));
  expect(back, JSON.stringify(back.reason)).toMatchObject({ status: 'done', reason: null });
  expect(new Set(minorsOf(lab, [...apiservers, ...controllers]))).toEqual(new Set(['1.36']));
  const { 'etcd-1-snapshot': _1, 'etcd-2-snapshot': _2, 'etcd-3-snapshot': _3, ...down } = lab.launchesSince(lifted);
  expect(down).toEqual({
    ...each([...apiservers, 'apiserver-surge'], ['1.37', '1.36']),
    ...each(controllers, ['1.36']),
  });
  expectSafeAndClean(lab);
  const cutBack = lab.kills.slice(cut.length);
  expect(cutBack).toContain('PUT objects');
  for (const name of [...apiservers, ...controllers]) expect(cutBack).toContain(`start ${name} 1.36`);
}

/** The second of the apiservers is started with a gate that the new minor does not know. */
function refusing(launch: Launch): Launch {
  if (launch.member !== 'apiserver-2' || launch.release.version !== next.version) return launch;
  return { ...launch, command: [...launch.command, '--feature-gates=APIServerTracing=true'] };
}

/** The second apiserver refuses to start; its server is killed in every act, also on the way back. */
export async function goesBackByItself(lab: PlaneLab, pointOf: (act: string) => Point): Promise<void> {
  lab.launched = refusing;
  const made = lab.journal.launches.length;
  const ended = await lab.lift(hopOf(old, next), eachOnce(lab, pointOf));
  expect(ended.status, JSON.stringify(ended.reason)).toBe('returned');
  expect(ended.reason).toMatchObject({ code: 'k8s.member-does-not-start', subject: 'apiserver-2' });
  expect(JSON.stringify(ended.reason)).toContain('APIServerTracing');
  expect(new Set(minorsOf(lab, [...apiservers, ...controllers]))).toEqual(new Set(['1.36']));
  const launches = lab.launchesSince(made);
  expect(launches['apiserver-1']).toEqual(['1.37', '1.36']);
  const [refused, again] = [launches['apiserver-2']?.slice(0, -1), launches['apiserver-2']?.at(-1)];
  expect([new Set(refused), again]).toEqual([new Set(['1.37']), '1.36']);
  for (const name of controllers) expect(launches[name]).toBeUndefined();
  expectSafeAndClean(lab);
  expect(lab.kills).toContain('start apiserver-2 1.36');
}
