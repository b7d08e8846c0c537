import { afterEach, expect, it } from 'vitest';
import { eventually } from '../rig/index.ts';
import { expectLiftedOnce, namesOf } from './judgement.ts';
import { Lab, to } from './lab.ts';

let lab: Lab | undefined;
afterEach(() => lab?.close());

const trialTimeoutMs = 60_000;

it('a trial start whose server is killed is run again, and the upgrade that waits for it goes on', async () => {
  const opened = await Lab.open('trial cut off');
  lab = opened;
  let fetched: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    fetched = resolve;
  });
  let letGo: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  // What the trial of a registered cluster fetches; what the upgrade itself fetches goes on.
  let first = true;
  opened.simulator.hold(async (act, point) => {
    // Trials of other builds are begun beside it, in any order.
    const wanted = act.release?.version === to && act.release.build === null;
    if (!first || act.what !== 'host.prefetch' || !wanted) return 'go-on';
    first = false;
    expect(point).toBe('before');
    fetched();
    await gone;
    return 'drop';
  });
  const cluster = await opened.addCluster('tried');
  await held;
  const outcomes = async () =>
    (await opened.native.trials(cluster.id))
      .filter(({ key: { release } }) => release.version === to && release.build === null)
      .map(({ key, outcome }) => [key.member, outcome.kind])
      .sort();
  expect(await outcomes()).toEqual(namesOf(cluster).map((name) => [name, 'running']));
  const id = await opened.lift(cluster);
  await eventually('the upgrade waits for the trial', trialTimeoutMs, async () => {
    const { status, reason } = await opened.native.upgrade(id);
    if (reason?.code === 'es.trial-start-running') return true;
    throw new Error(`It is ${status}: ${JSON.stringify(reason)}; trials: ${JSON.stringify(await outcomes())}.`);
  });
  expect(opened.stopsOf(cluster)).toEqual([]);
  await opened.server.kill();
  opened.simulator.hold(null);
  letGo();
  await opened.server.start();
  expect(await opened.ended(id)).toMatchObject({ status: 'done', reason: null });
  const [firstStop] = opened.stopsOf(cluster);
  const tried = opened.simulator.journal.trials.filter(
    (trial) => trial.release.version === to && trial.release.build === null && trial.atMs < (firstStop?.atMs ?? 0),
  );
  expect(tried.map((trial) => [trial.clusterId, trial.outcome])).toEqual([[cluster.id, 'passed']]);
  expect(opened.simulator.world.clusters.has(`${cluster.name}-trial`)).toBe(false);
  await expectLiftedOnce(opened, cluster, id);
});
