import { afterEach, expect, it } from 'vitest';
import { expectClean, expectInOrder, namesOf } from './judgement.ts';
import { Lab, to } from './lab.ts';

let lab: Lab | undefined;
afterEach(() => lab?.close());

const words = 'java.lang.IllegalStateException: the data folder lies on a disk that went away';

it('a node that does not come back stops the upgrade with its own words; mended and resumed, it finishes', async () => {
  const opened = await Lab.open('node stays away');
  lab = opened;
  const cluster = await opened.addCluster('away', {
    persistent: { 'cluster.routing.allocation.enable': 'all' },
    transient: { 'cluster.routing.rebalance.enable': 'primaries' },
  });
  for (const name of namesOf(cluster)) opened.simulator.breakStart(name, { version: to, lines: [words] });
  const id = await opened.lift(cluster);
  const stopped = await opened.ended(id);
  const [broken = ''] = opened.stopsOf(cluster).map((stop) => stop.member);
  expect(stopped).toMatchObject({
    status: 'stopped',
    reason: { code: 'es.member-does-not-start', subject: broken, evidence: expect.arrayContaining([words]) },
  });
  const events = await opened.native.events(id, 0);
  expect(events.at(-1)?.kind).toBe('stopped');

  // The rest serves: both others joined, a master, every shard with a started primary, settings as their owner had them.
  const { persistent, transient, members, masterNodeId, copies } = opened.simulator.cluster('away');
  expect({ persistent, transient }).toEqual({
    persistent: { 'cluster.routing.allocation.enable': 'all' },
    transient: { 'cluster.routing.rebalance.enable': 'primaries' },
  });
  expect(members.size).toBe(2);
  expect(masterNodeId).not.toBeNull();
  expect(copies.filter((copy) => copy.primary && copy.state !== 'STARTED')).toEqual([]);
  expect(copies.filter((copy) => copy.state === 'INITIALIZING' || copy.state === 'RELOCATING')).toEqual([]);
  expect(opened.simulator.violations).toEqual([]);
  const attempts = opened.launchesOf(cluster).length;
  expect(new Set(opened.launchesOf(cluster).map((launch) => launch.member))).toEqual(new Set([broken]));
  expect(attempts).toBeLessThanOrEqual(2);

  for (const name of namesOf(cluster)) opened.simulator.mendStart(name);
  await opened.wish(id, 'resume');
  expect(await opened.ended(id)).toMatchObject({ status: 'done', reason: null });
  expect(opened.versions(cluster)).toEqual(Object.fromEntries(namesOf(cluster).map((name) => [name, to])));
  const launched = opened.launchesOf(cluster).map((launch) => launch.member);
  for (const name of namesOf(cluster))
    expect(launched.filter((member) => member === name)).toHaveLength(name === broken ? attempts + 1 : 1);
  expectClean(opened, cluster);
  expect(opened.simulator.cluster('away').copies.filter((copy) => copy.state !== 'STARTED')).toEqual([]);
  expectInOrder(await opened.native.events(id, 0), namesOf(cluster), 'done');
});
