import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectClean, expectInOrder, expectOnceEach, namesOf } from './judgement.ts';
import { atAct } from './mishaps.ts';
import { from, type LoopCluster, OneProcess, to } from './one-process.ts';

const usualStartMs = 5_000;
let startMs = usualStartMs;
let lab: OneProcess;
beforeAll(async () => {
  lab = await OneProcess.open('nodes', { startMs: () => startMs });
});
afterEach(() => {
  lab.simulator.hold(null);
  lab.launched = (launch) => launch;
  startMs = usualStartMs;
});
afterAll(() => lab?.close());

const waitMs = 60_000;
const simulated = (name: string) => lab.simulator.cluster(name);
const violationsOf = (name: string) => lab.simulator.violations.filter((violation) => violation.cluster === name);

async function expectDone(cluster: LoopCluster, id: string): Promise<void> {
  expect(await lab.ended(id)).toMatchObject({ status: 'done', reason: null });
  expectInOrder(await lab.events(id), namesOf(cluster), 'done');
  expect(lab.versions(cluster)).toEqual(Object.fromEntries(namesOf(cluster).map((name) => [name, to])));
}

function masterOf(name: string): string {
  const { members, masterNodeId } = simulated(name);
  return lab.simulator.world.processes.get(members.get(masterNodeId ?? '') ?? 0)?.name ?? '';
}

describe('a node that takes long to start', () => {
  it('is waited for, ten times as long as usual', async () => {
    startMs = 10 * usualStartMs;
    const cluster = await lab.addCluster('slow');
    const id = await lab.lift(cluster);
    await expectDone(cluster, id);
    expectOnceEach(lab, cluster);
  });

  it('stops the upgrade at the deadline, is taken as it is when it comes after all, and is not started again', async () => {
    const cluster = await lab.addCluster('late');
    atAct(lab.simulator, 'host.stop', 'inside', 1, () => {
      startMs = 22 * 60_000;
    });
    const id = await lab.lift(cluster);
    const stopped = await lab.ended(id);
    const [late] = lab.stopsOf(cluster).map(({ member }) => member);
    expect(stopped).toMatchObject({ status: 'stopped', reason: { code: 'es.member-does-not-join', subject: late } });
    expect(lab.launchesOf(cluster).map(({ member }) => member)).toEqual([late]);
    startMs = usualStartMs;
    expect(await lab.simulator.until(() => simulated('late').members.size === 3, waitMs)).toBe(true);
    expectClean(lab, cluster);
    await lab.wish(id, 'resume');
    await expectDone(cluster, id);
    expectOnceEach(lab, cluster);
  });
});

it('a node that comes back as the old release is installed again once, then a person is asked; mended, a second run finishes', async () => {
  const cluster = await lab.addCluster('old');
  const old = { version: from, build: null };
  expect(await lab.host.prefetch({ clusterId: cluster.id, generation: 0 }, old, [], AbortSignal.timeout(waitMs))).toMatchObject({
    kind: 'done',
  });
  const id = await lab.lift(cluster);
  lab.launched = (launch) => ({ ...launch, release: old });
  const stopped = await lab.ended(id);
  const [taken] = lab.stopsOf(cluster).map(({ member }) => member);
  expect(stopped).toMatchObject({ status: 'stopped', reason: { code: 'es.member-runs-another-release', subject: taken } });
  expect(lab.launchesOf(cluster).map(({ member }) => member)).toEqual([taken, taken]);
  expectClean(lab, cluster);
  lab.launched = (launch) => launch;
  await lab.wish(id, 'resume');
  await expectDone(cluster, id);
  expectClean(lab, cluster);
});

describe('a node that flaps', () => {
  it('by losing the others three times is not counted as back, and nobody else is taken meanwhile', async () => {
    const cluster = await lab.addCluster('flaps');
    const id = await lab.lift(cluster);
    const takenWith: number[] = [];
    lab.simulator.hold((act, point) => {
      if (act.what === 'host.stop' && point === 'before') takenWith.push(simulated('flaps').members.size);
      return 'go-on';
    });
    const ended = expectDone(cluster, id);
    expect(await lab.simulator.until(() => lab.launchesOf(cluster).length === 1, waitMs)).toBe(true);
    const name = lab.launchesOf(cluster)[0]?.member ?? '';
    for (let times = 0; times < 3; times += 1) {
      expect(await lab.simulator.until(() => simulated('flaps').members.size === 3, waitMs)).toBe(true);
      lab.simulator.isolate(name);
      const until = lab.simulator.world.nowMs + 8_000;
      expect(await lab.simulator.until(() => lab.simulator.world.nowMs > until, waitMs)).toBe(true);
      lab.simulator.reunite(name);
    }
    await ended;
    expect(takenWith).toEqual([3, 3, 3]);
    expectOnceEach(lab, cluster);
  });

  it('by ending whenever it has joined is started a few times, then a person is asked; mended, a second run finishes', async () => {
    const cluster = await lab.addCluster('falls');
    const id = await lab.lift(cluster);
    let name = '';
    let falling = true;
    let about = false;
    const falls = (): boolean => {
      name = lab.launchesOf(cluster)[0]?.member ?? '';
      if (falling && !about && name !== '' && lab.versions(cluster)[name] === to) {
        about = true;
        // Not within the look: the crash is one itself.
        setImmediate(() => {
          about = false;
          lab.simulator.crash(name);
        });
      }
      return !falling;
    };
    const watched = lab.simulator.until(falls, waitMs);
    const stopped = await lab.ended(id);
    falling = false;
    await watched;
    expect(stopped).toMatchObject({ status: 'stopped', reason: { code: 'es.member-does-not-start', subject: name } });
    const launched = lab.launchesOf(cluster).map(({ member }) => member);
    expect(new Set(launched)).toEqual(new Set([name]));
    expect(launched.length).toBeGreaterThan(1);
    expect(launched.length).toBeLessThanOrEqual(5);
    expect(violationsOf('falls')).toEqual([]);
    await lab.wish(id, 'resume');
    await expectDone(cluster, id);
    expectClean(lab, cluster);
  });
});

describe('masters', () => {
  it('the elected one dies before the first node leaves: it is started as it was, and every node is lifted', async () => {
    const cluster = await lab.addCluster('master', { persistent: { 'cluster.routing.allocation.enable': 'all' } });
    const id = await lab.lift(cluster);
    const master = masterOf('master');
    const died = atAct(lab.simulator, 'rest.settings', 'before', 1, () => lab.simulator.crash(master));
    await expectDone(cluster, id);
    expect(died.befell).toBe(true);
    const launches = lab.launchesOf(cluster).map(({ member, release }) => `${member} ${release.version}`);
    expect(launches.sort()).toEqual([...namesOf(cluster).map((name) => `${name} ${to}`), `${master} ${from}`].sort());
    expectClean(lab, cluster);
  });

  it('two of three are gone: nobody else is stopped until there is a majority again', async () => {
    const cluster = await lab.addCluster('majority');
    const id = await lab.lift(cluster);
    let before = -1;
    const died = atAct(lab.simulator, 'host.stop', 'inside', 1, ({ member }) => {
      const other = namesOf(cluster).find((name) => name !== member) ?? '';
      lab.simulator.crash(other);
      before = violationsOf('majority').length;
    });
    const ended = expectDone(cluster, id);
    expect(await lab.simulator.until(() => died.befell, waitMs)).toBe(true);
    expect(await lab.simulator.until(() => simulated('majority').members.size === 3, waitMs)).toBe(true);
    expect(lab.stopsOf(cluster)).toHaveLength(1);
    await ended;
    // What the crash itself did was ours; nothing was added to it.
    expect(violationsOf('majority')).toHaveLength(before);
    expect(before).toBeGreaterThan(0);
    expect(simulated('majority').copies.filter((copy) => copy.state !== 'STARTED')).toEqual([]);
  });
});

it('the last node of the old major that dies is started as the new one, for no old one may join any more', async () => {
  const cluster = await lab.addCluster('last', { version: '5.6.16' });
  const id = await lab.lift(cluster, '6.3.2');
  let last = '';
  // Before each wave and after it: the fifth is that before the last.
  const died = atAct(lab.simulator, 'rest.settings', 'before', 5, () => {
    last = Object.entries(lab.versions(cluster)).find(([, version]) => version === '5.6.16')?.[0] ?? '';
    lab.simulator.crash(last);
  });
  expect(await lab.ended(id)).toMatchObject({ status: 'done', reason: null });
  expect(died.befell).toBe(true);
  expect(lab.stopsOf(cluster).map(({ member }) => member)).not.toContain(last);
  const launches = lab.launchesOf(cluster).map(({ member, release }) => `${member} ${release.version}`);
  expect(launches.sort()).toEqual(namesOf(cluster).map((name) => `${name} 6.3.2`));
  expectClean(lab, cluster);
});

describe('nodes that are cut off from each other', () => {
  it.each([
    ['the first, which is asked first', 1, 'es.member-not-joined'],
    ['two of three', 2, 'es.cluster-unreachable'],
  ] as const)(
    '%s: nothing is stopped on what the minority says; together again, a second run finishes',
    async (_who, many, code) => {
      const name = `cut-${many}`;
      const cluster = await lab.addCluster(name);
      const id = await lab.lift(cluster);
      for (const member of namesOf(cluster).slice(0, many)) lab.simulator.isolate(member);
      const before = violationsOf(name).length;
      expect(await lab.ended(id)).toMatchObject({ status: 'stopped', reason: { code } });
      expect([...lab.stopsOf(cluster), ...lab.launchesOf(cluster)]).toEqual([]);
      expect(simulated(name)).toMatchObject({ persistent: {}, transient: {} });
      for (const member of namesOf(cluster)) lab.simulator.reunite(member);
      expect(await lab.simulator.until(() => simulated(name).members.size === 3, waitMs)).toBe(true);
      await lab.wish(id, 'resume');
      await expectDone(cluster, id);
      expect(lab.launchesOf(cluster)).toHaveLength(3);
      expect(violationsOf(name)).toHaveLength(before);
    },
  );
});
