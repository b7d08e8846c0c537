import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { expectOnceEach } from './judgement.ts';
import { Lab } from './lab.ts';

let lab: Lab | undefined;
afterEach(() => lab?.close());

const clusters = 16;
const atOnce = 3;
const halfTimeoutMs = 240_000;
/** Small, for there are many: what is watched is how many are in hand. */
const indices = [{ name: 'orders', shards: 1, replicas: 1 }];

it('many upgrades whose server is killed go on after it, those that had begun first, a few at once, each member once', async () => {
  const opened = await Lab.open('herd');
  lab = opened;
  // The limit is read when a server starts.
  await opened.server.stop();
  const config = join(opened.stateFolder, '..', 'config.json');
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), upgradesAtOnce: atOnce, trials: false }));
  await opened.server.start();
  const made = [];
  for (let number = 1; number <= clusters; number += 1) made.push(await opened.addCluster(`herd-${number}`, { indices }));

  const unfinished = new Set<string>();
  let most = 0;
  opened.simulator.hold((act, point) => {
    // Between its first stop and its last start a cluster is in hand.
    if (act.what === 'host.stop' && point === 'inside') unfinished.add(act.cluster);
    most = Math.max(most, unfinished.size);
    const done = opened.simulator.journal.launches.filter((launch) => launch.clusterId === act.cluster).length === 3;
    if (act.what === 'host.start' && point === 'inside' && done) unfinished.delete(act.cluster);
    return 'go-on';
  });
  const upgrades = await Promise.all(made.map(async (cluster) => ({ cluster, id: await opened.lift(cluster) })));
  const half = () => opened.simulator.journal.launches.length >= (clusters * 3) / 2;
  expect(await opened.simulator.until(half, halfTimeoutMs)).toBe(true);
  const begun = new Set(opened.simulator.journal.stops.map(({ clusterId }) => clusterId));
  const inHand = [...unfinished];
  expect(most).toBeLessThanOrEqual(atOnce);
  await opened.server.kill();
  await opened.server.start();
  for (const { id } of upgrades) expect(await opened.ended(id)).toMatchObject({ status: 'done', reason: null });
  console.log(`at most ${most} of ${clusters} clusters were in hand at once`);
  // Those that died with their server stand beside as many as the next one may carry.
  expect(most).toBeLessThanOrEqual(2 * atOnce);
  expect(inHand.length).toBeGreaterThan(0);
  const { launches, stops } = opened.simulator.journal;
  const lastOfThem = Math.max(...launches.filter(({ clusterId }) => inHand.includes(clusterId)).map(({ atMs }) => atMs));
  const between = stops.filter(({ clusterId, atMs }) => !begun.has(clusterId) && atMs < lastOfThem);
  expect(new Set(between.map(({ clusterId }) => clusterId)).size).toBeLessThanOrEqual(2 * atOnce);
  for (const { cluster } of upgrades) expectOnceEach(opened, cluster);
});
