import { expect } from 'vitest';
import type { EventRow } from '../rig/index.ts';
import { type Lab, type LabCluster, to } from './lab.ts';

/** What is judged: a world, and what was done to it, whatever carries the upgrades on. */
type Watched = Pick<Lab, 'simulator' | 'versions' | 'launchesOf' | 'stopsOf'>;

/** Every member runs the target, launched once and stopped once, in order, and the cluster is as its owner had it. */
export async function expectLiftedOnce(lab: Lab, cluster: LabCluster, upgradeId: string): Promise<void> {
  expectOnceEach(lab, cluster);
  expectInOrder(await lab.native.events(upgradeId, 0), namesOf(cluster), 'done');
}

export function namesOf(cluster: LabCluster): readonly string[] {
  return cluster.spec.nodes.map((node) => node.name);
}

export function expectOnceEach(lab: Watched, cluster: LabCluster): void {
  const names = namesOf(cluster);
  expect(lab.versions(cluster)).toEqual(Object.fromEntries(names.map((name) => [name, to])));
  const launches = lab.launchesOf(cluster).map((launch) => `${launch.member} ${launch.release.version}`);
  expect(launches.sort()).toEqual(names.map((name) => `${name} ${to}`));
  const stops = lab.stopsOf(cluster).map((stop) => `${stop.member}${stop.killed ? ' killed' : ''}`);
  expect(stops.sort()).toEqual(names);
  expectClean(lab, cluster);
  expect(lab.simulator.cluster(cluster.name).copies.filter((copy) => copy.state !== 'STARTED')).toEqual([]);
}

/** Settings as the owner had them, every member there, and nothing has happened that never may. */
export function expectClean(lab: Pick<Watched, 'simulator'>, cluster: LabCluster): void {
  const { persistent, transient, members } = lab.simulator.cluster(cluster.name);
  expect({ persistent, transient }).toEqual({
    persistent: cluster.wanted.persistent ?? {},
    transient: cluster.wanted.transient ?? {},
  });
  expect(members.size).toBe(cluster.spec.nodes.length);
  expect(lab.simulator.violations.filter((violation) => violation.cluster === cluster.name)).toEqual([]);
}

/** Numbered without a doubt, beginning with the start, each member taken, and the end at the end. */
export function expectInOrder(events: readonly Omit<EventRow, 'reason'>[], members: readonly string[], end: string): void {
  const numbers = events.map((event) => event.seq);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  const times = events.map((event) => event.at);
  expect(times).toEqual([...times].sort());
  expect(events[0]?.kind).toBe('started');
  expect(events.at(-1)?.kind).toBe(end);
  expect(events.filter((event) => event.kind === end)).toHaveLength(1);
  for (const name of members)
    expect(events.some((event) => event.kind === 'acting' && event.move === 'lift-member' && event.members.includes(name))).toBe(
      true,
    );
  // An outcome belongs to the act that began last.
  let acting: Omit<EventRow, 'reason'> | null = null;
  for (const event of events) {
    if (event.kind === 'acting') acting = event;
    if (event.kind !== 'acted' && event.kind !== 'failed' && event.kind !== 'refused') continue;
    expect([acting?.move, acting?.members]).toEqual([event.move, event.members]);
    acting = null;
  }
}
