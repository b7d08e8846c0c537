import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nativePolicy, type Plan } from '../../src/domain/index.ts';
import { expectClean, expectInOrder, expectOnceEach, namesOf } from './judgement.ts';
import { askCluster, atAct, changed, failCopies } from './mishaps.ts';
import { caller, from, type LoopCluster, OneProcess, to } from './one-process.ts';

let lab: OneProcess;
beforeAll(async () => {
  lab = await OneProcess.open('shards');
});
afterEach(() => lab.simulator.hold(null));
afterAll(() => lab?.close());

async function expectDone(cluster: LoopCluster, id: string): Promise<void> {
  expect(await lab.ended(id)).toMatchObject({ status: 'done', reason: null });
  expectOnceEach(lab, cluster);
  expectInOrder(await lab.events(id), namesOf(cluster), 'done');
}

/** Everything acknowledged that may be. */
async function startOf(plan: Plan) {
  const acknowledge = plan.findings.map(({ check }) => check);
  const asked = { clusterId: plan.clusterId, what: { planId: plan.id }, acknowledge, policy: nativePolicy };
  return lab.control.startUpgrade(caller, { ...asked, token: null, answer: () => null });
}

const remarksOf = async (id: string) => (await lab.events(id)).filter(({ kind }) => kind === 'remark').map(({ says }) => says);
const actsOf = async (id: string, move: string) =>
  (await lab.events(id)).filter((event) => event.kind === 'acting' && event.move === move).length;

describe('copies whose allocation failed as often as the cluster tries', () => {
  it('are tried again, and the upgrade goes on', async () => {
    const cluster = await lab.addCluster('again');
    const id = await lab.lift(cluster);
    expect(failCopies(lab.simulator, 'again', ({ index, primary }) => index === 'orders' && !primary)).toBe(2);
    await expectDone(cluster, id);
    expect(await actsOf(id, 'retry-failed')).toBe(1);
  });

  it('and fail again keep the node with the other copy from being taken; mended, a second run finishes', async () => {
    const cluster = await lab.addCluster('failing');
    const id = await lab.lift(cluster);
    const fail = () => failCopies(lab.simulator, 'failing', ({ index, primary }) => index === 'orders' && !primary);
    fail();
    lab.simulator.hold((act, point) => {
      if (act.what === 'rest.reroute' && point === 'inside') fail();
      return 'go-on';
    });
    const stopped = await lab.ended(id);
    expect(stopped).toMatchObject({ status: 'stopped', reason: { code: 'es.every-shard-keeps-a-copy' } });
    expect(stopped.reason?.says).toContain('orders/');
    expect(await actsOf(id, 'retry-failed')).toBeLessThanOrEqual(2);
    expect((await remarksOf(id)).join()).toContain('ALLOCATION_FAILED');
    const keepers = holdersOf(cluster, 'orders');
    for (const stop of lab.stopsOf(cluster)) expect(keepers).not.toContain(stop.member);
    expectClean(lab, cluster);

    lab.simulator.hold(null);
    await lab.wish(id, 'resume');
    await expectDone(cluster, id);
  });
});

/** Names of the nodes on which the primaries of an index are. */
function holdersOf({ name }: LoopCluster, index: string): readonly string[] {
  const { copies, members } = lab.simulator.cluster(name);
  const held = copies.filter((copy) => copy.primary && copy.index === index);
  return held.map((copy) => lab.simulator.world.processes.get(members.get(copy.nodeId ?? '') ?? 0)?.name ?? '');
}

describe('a cluster that is not green', () => {
  it('because of an index made between two waves is gone on with', async () => {
    const cluster = await lab.addCluster('made');
    const id = await lab.lift(cluster);
    const made = atAct(lab.simulator, 'rest.settings', 'before', 2, () => askCluster(lab.simulator, 'made', 'PUT', '/fresh'));
    await expectDone(cluster, id);
    expect(made.befell).toBe(true);
    expect((await remarksOf(id)).join()).toContain('only nodes of the newer version may hold it');
  });

  it('and never can be, with more replicas than nodes, is lifted with a remark', async () => {
    const indices = [{ name: 'wide', shards: 1, replicas: 5 }];
    const cluster = await lab.addCluster('wide', { indices });
    const id = await lab.lift(cluster);
    expect(await lab.ended(id)).toMatchObject({ status: 'done', reason: null });
    expect(Object.values(lab.versions(cluster))).toEqual([to, to, to]);
    expectClean(lab, cluster);
    expect((await remarksOf(id)).join()).toContain('every node that could hold it has a copy already');
    expect(lab.simulator.cluster('wide').copies.filter((copy) => copy.state === 'STARTED')).toHaveLength(3);
  });

  it('but red at the start is not begun with', async () => {
    const cluster = await lab.addCluster('red-before');
    failCopies(lab.simulator, 'red-before', ({ index }) => index === 'users');
    const plan = await lab.plan(cluster);
    expect(plan.findings).toContainEqual(expect.objectContaining({ check: 'es.cluster-is-settled', kind: 'hazard' }));
    expect(await startOf(plan)).toMatchObject({ kind: 'obstacles' });
    expect([...lab.stopsOf(cluster), ...lab.launchesOf(cluster)]).toEqual([]);
  });

  it('but red in the middle is stopped at, the member in hand brought back first; healed, a second run finishes', async () => {
    const cluster = await lab.addCluster('red-amid');
    const id = await lab.lift(cluster);
    const fail = () => failCopies(lab.simulator, 'red-amid', ({ index }) => index === 'users');
    let begun = false;
    lab.simulator.hold((act, point) => {
      begun ||= act.what === 'host.stop' && point === 'inside';
      if (begun && (act.what === 'rest.reroute' || act.what === 'host.stop') && point === 'inside') fail();
      return 'go-on';
    });
    expect(await lab.ended(id)).toMatchObject({ status: 'stopped', reason: { code: 'es.cluster-is-red', subject: 'users/0' } });
    expect(lab.stopsOf(cluster)).toHaveLength(1);
    expect(Object.values(lab.versions(cluster)).sort()).toEqual([from, from, to]);
    expectClean(lab, cluster);

    lab.simulator.hold(null);
    for (const copy of lab.simulator.cluster('red-amid').copies) if (copy.unassigned !== null) copy.unassigned.failedAttempts = 0;
    changed(lab.simulator, 'red-amid');
    await lab.wish(id, 'resume');
    await expectDone(cluster, id);
  });
});

describe('an index without a replica', () => {
  it('is a hazard before the start', async () => {
    const cluster = await lab.addCluster('single', { indices: [{ name: 'alone', shards: 1, replicas: 0 }] });
    const plan = await lab.plan(cluster);
    expect(plan.findings).toContainEqual(
      expect.objectContaining({ check: 'es.every-index-has-a-replica', kind: 'hazard', subject: 'index alone' }),
    );
    expect(await startOf(plan)).toMatchObject({ kind: 'obstacles' });
    expect([...lab.stopsOf(cluster), ...lab.launchesOf(cluster)]).toEqual([]);
    await askCluster(lab.simulator, 'single', 'DELETE', '/alone');
    await expectDone(cluster, await lab.lift(cluster));
  });

  it('that is made while the upgrade runs keeps its node from being taken; once it is gone, a second run finishes', async () => {
    const cluster = await lab.addCluster('single-amid');
    const id = await lab.lift(cluster);
    const settings = { number_of_shards: 3, number_of_replicas: 0 };
    await askCluster(lab.simulator, 'single-amid', 'PUT', '/alone', { settings });
    expect(await lab.ended(id)).toMatchObject({ status: 'stopped', reason: { code: 'es.every-shard-keeps-a-copy' } });
    const holders = holdersOf(cluster, 'alone');
    expect(holders).not.toContain('');
    for (const stop of lab.stopsOf(cluster)) expect(holders).not.toContain(stop.member);
    expectClean(lab, cluster);
    await askCluster(lab.simulator, 'single-amid', 'DELETE', '/alone');
    await lab.wish(id, 'resume');
    await expectDone(cluster, id);
  });
});

describe('a member that is stopped under writes', () => {
  it('holds no primary any more whose other copy could take over, so that no write is cut off', async () => {
    const cluster = await lab.addCluster('handed', { indices: [{ name: 'orders', shards: 6, replicas: 1 }] });
    const cutOff: string[] = [];
    let stops = 0;
    lab.simulator.hold((act, point) => {
      if (act.what === 'host.stop' && point === 'before') {
        stops += 1;
        cutOff.push(...primariesOn('handed', act.member ?? ''));
      }
      return 'go-on';
    });
    await expectDone(cluster, await lab.lift(cluster));
    expect(stops).toBe(namesOf(cluster).length);
    expect(cutOff).toEqual([]);
  });

  it('is stopped all the same where its cluster takes no primary from it', async () => {
    const cluster = await lab.addCluster('kept', { indices: [{ name: 'orders', shards: 6, replicas: 1 }] });
    let refused = 0;
    lab.simulator.hold((act, point) => {
      if (act.what !== 'rest.reroute' || point !== 'before') return 'go-on';
      refused += 1;
      return 'drop';
    });
    await expectDone(cluster, await lab.lift(cluster));
    expect(refused).toBeGreaterThan(0);
  });
});

/** Started primaries that a node holds. */
function primariesOn(name: string, member: string): readonly string[] {
  const { copies, members } = lab.simulator.cluster(name);
  const holder = (nodeId: string | null) => lab.simulator.world.processes.get(members.get(nodeId ?? '') ?? 0)?.name;
  const held = copies.filter((copy) => copy.primary && copy.state === 'STARTED' && holder(copy.nodeId) === member);
  return held.map(({ index, shard }) => `${index}/${shard} on ${member}`);
}
