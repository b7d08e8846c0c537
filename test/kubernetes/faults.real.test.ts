import { afterAll, beforeAll, describe, expect } from 'vitest';
import { chapters } from '../rig/chapters.ts';
import {
  ControlPlaneRig,
  eventually,
  type KubernetesLoad,
  launchesOf,
  nothingLost,
  randomFrom,
  seedOfRun,
  untroubled,
} from '../rig/index.ts';

const upTimeoutMs = 5 * 60_000;
const actTimeoutMs = 5 * 60_000;
/** 1.36 knows this feature gate, 1.37 does not. */
const removedGate = 'APIServerTracing';
const owners = [`--feature-gates=${removedGate}=true`];
const refusal = `unrecognized feature gate: ${removedGate}`;
const apiservers = ['apiserver-1', 'apiserver-2'];
const controllers = ['controller-manager-1', 'controller-manager-2', 'scheduler-1', 'scheduler-2'];
/** Of the load: each has one request in flight at most. */
const workers = 4;
const etcds = ['etcd-1', 'etcd-2', 'etcd-3'];

let plane: ControlPlaneRig;
let load: KubernetesLoad | null = null;

beforeAll(async () => {
  plane = await ControlPlaneRig.start('faults');
});

afterAll(async () => {
  await load?.stop();
  await plane?.close();
});

const chapter = chapters();

/** `mostFailed`: what was in flight at a member that was killed, a request a worker of the load, is nobody's to save. */
async function underLoad(tell: () => Promise<void>, mostFailed = 0): Promise<void> {
  load = await plane.load();
  await tell();
  const report = await load.stop();
  load = null;
  console.log(`load: ${JSON.stringify({ ...report, retries: undefined })}`);
  expect(report.failed, JSON.stringify(report.failures)).toBeLessThanOrEqual(mostFailed);
  expect({ ...untroubled(report), failed: 0, failures: [] }).toEqual(nothingLost);
  expect(report.requests).toBeGreaterThan(0);
}

async function starts(members: readonly string[]): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries(members.map((name) => [name, launchesOf(plane.stateFolder, plane.id, name).length]));
}

function plusOne(before: Readonly<Record<string, number>>, by = 1): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(before).map(([name, count]) => [name, count + by]));
}

/** What every member but the surge place runs; one that is not there is told as away. */
async function runsEverywhere(release: string): Promise<void> {
  await eventually(`all run ${release}`, upTimeoutMs, async () => {
    const running = await plane.members();
    const wrong = [...apiservers, ...controllers].filter((name) => running[name] !== release);
    if (wrong.length > 0) throw new Error(wrong.map((name) => `${name}: ${running[name]}`).join(', '));
    return true;
  });
  expect((await plane.members())['apiserver-surge']).toBe('away');
  expect(await plane.processOf('apiserver-surge')).toBeUndefined();
}

describe('what goes wrong while a real control plane is lifted', () => {
  chapter('controllers that were killed are started again outside an upgrade, and nobody else is', async () => {
    await plane.create(
      '1.36',
      {
        'clusterlift:platform-version': 'eks.1',
        'clusterlift:soak-seconds': '3',
        'clusterlift:etcd-members': '3',
        'clusterlift:trial': 'off',
      },
      upTimeoutMs,
    );
    const before = await starts([...controllers, ...apiservers, ...etcds]);
    await plane.kill('controller-manager-1');
    await plane.kill('scheduler-2');
    await eventually('both run again', upTimeoutMs, async () => {
      const running = await plane.members();
      return running['controller-manager-1'] === '1.36 eks.1' && running['scheduler-2'] === '1.36 eks.1' ? true : undefined;
    });
    const again = { 'controller-manager-1': 1, 'scheduler-2': 1 };
    const expected = Object.entries(before).map(([name, count]) => [name, count + (again[name as keyof typeof again] ?? 0)]);
    expect(await starts(Object.keys(before))).toEqual(Object.fromEntries(expected));
    // A lease that was not given back has to run out before another scheduler leads: the upgrade that follows waits for it.
    await eventually('nothing keeps an upgrade from its start', upTimeoutMs, async () => {
      const { findings } = await plane.native.plan(plane.id, '1.36', 'eks.3');
      return findings.every(({ kind, loopWaits }) => kind !== 'hazard' || loopWaits === true) ? true : undefined;
    });
  });

  chapter('a server that is killed at random moments of a patch upgrade starts nobody twice', () =>
    underLoad(async () => {
      const random = randomFrom(seedOfRun('faults of a control plane'));
      const before = await starts([...apiservers, ...controllers, ...etcds]);
      const upgrade = await plane.startUpgrade('1.36', 'eks.3');
      for (let kill = 0; kill < 3; kill += 1) {
        const moment = { afterActs: 1 + kill * 5 + Math.floor(random() * 5), plusMs: Math.floor(random() * 1_500) };
        console.log(`killed ${await plane.killServerAt(upgrade.id, moment)}`);
      }
      const ended = await plane.ended(upgrade.id);
      expect(ended, JSON.stringify(ended.reason)).toMatchObject({ status: 'done', reason: null });
      await runsEverywhere('1.36 eks.3');
      expect(await starts([...apiservers, ...controllers])).toEqual(
        plusOne(Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith('etcd')))),
      );
      expect(await starts(etcds)).toEqual(Object.fromEntries(etcds.map((name) => [name, before[name]])));
    }),
  );

  chapter('a flag that the next minor does not know is named before anything is touched', async () => {
    await plane.setFlags({ 'kube-apiserver': owners });
    const before = await starts([...apiservers, ...controllers, ...etcds, 'apiserver-surge']);
    await expect(plane.eks.startUpdate(plane.name, '1.37', true)).rejects.toThrow(
      new RegExp(`1\\.37 does not know the feature gate ${removedGate}.*Nothing was started`, 's'),
    );
    // Also where nobody has written down what the next minor no longer knows: it is started once with these flags.
    await plane.setTags({});
    const told = await eventually('the trial tells', upTimeoutMs, async () => {
      const { findings } = await plane.native.plan(plane.id, '1.37', 'eks.2');
      const refused = findings.filter(({ check, kind }) => check === 'k8s.trial-passed' && kind === 'hazard');
      return refused.length > 0 ? refused : undefined;
    });
    expect(told.flatMap(({ evidence }) => evidence).join('\n')).toContain(refusal);
    await plane.setTags({ 'clusterlift:trial': 'off' });
    expect(await starts(Object.keys(before))).toEqual(before);
    await plane.setFlags({ 'kube-apiserver': [] });
  });

  chapter('an apiserver that never gets ready is taken back by itself, with its own words, and nobody notices', () =>
    underLoad(async () => {
      const before = await starts([...controllers, ...etcds]);
      const update = await plane.eks.startUpdate(plane.name, '1.37', true);
      const updateId = update.id ?? '';
      // The place for one more has come up without it; the first of the others meets it.
      await plane.waitFor(updateId, { kind: 'acted', move: 'start-surge', member: 'apiserver-surge' }, actTimeoutMs);
      await plane.setFlags({ 'kube-apiserver': owners });
      const ended = await plane.eks.waitUpdate(plane.name, updateId, 2 * upTimeoutMs);
      expect(ended.status).toBe('Failed');
      expect(ended.errors).toEqual([
        { errorCode: 'Unknown', errorMessage: expect.stringContaining(refusal), resourceIds: ['apiserver-1'] },
      ]);
      expect((await plane.native.upgrade(updateId)).status).toBe('returned');
      expect(await plane.eks.cluster(plane.name)).toMatchObject({
        status: 'ACTIVE',
        version: '1.36',
        platformVersion: 'eks.3',
      });
      await runsEverywhere('1.36 eks.3');
      expect(await starts(Object.keys(before))).toEqual(before);
      expect(launchesOf(plane.stateFolder, plane.id, 'apiserver-1').slice(-1)).toEqual(['1.36']);
      await plane.setFlags({ 'kube-apiserver': [] });
    }),
  );

  chapter('a full etcd keeps an upgrade from starting, and stops one that has begun, with the remedy', async () => {
    const touched = [...apiservers, ...etcds];
    const before = await starts(touched);
    await plane.raiseNoSpace();
    await expect(plane.eks.startUpdate(plane.name, '1.37', true)).rejects.toThrow(/NOSPACE.*disarm.*Nothing was started/s);
    await plane.etcdctl('alarm', 'disarm');
    const update = await eventually('etcd takes writes again', upTimeoutMs, () =>
      plane.eks.startUpdate(plane.name, '1.37', true),
    );
    const updateId = update.id ?? '';
    await plane.waitFor(updateId, { kind: 'acted', move: 'start-surge', member: 'apiserver-surge' }, actTimeoutMs);
    await plane.raiseNoSpace();
    const ended = await plane.eks.waitUpdate(plane.name, updateId, upTimeoutMs);
    expect(ended.status).toBe('Failed');
    expect(ended.errors?.[0]?.errorMessage).toMatch(/etcd has raised NOSPACE.*etcdctl alarm disarm.*k8s\.etcd-has-an-alarm/s);
    expect((await plane.native.upgrade(updateId)).status).toBe('stopped');
    expect(await plane.processOf('apiserver-surge')).toBeUndefined();
    await plane.etcdctl('alarm', 'disarm');
    const taken = launchesOf(plane.stateFolder, plane.id, 'apiserver-1').length - (before['apiserver-1'] ?? 0);
    expect(taken).toBeLessThanOrEqual(1);
    expect(await starts(touched)).toEqual({ ...before, 'apiserver-1': (before['apiserver-1'] ?? 0) + taken });
    // One that could not renew its lease ends, and is started again although the upgrade waits for a person: as it was.
    for (const name of controllers) expect(launchesOf(plane.stateFolder, plane.id, name).at(-1)).toBe('1.36');
    await eventually('every controller runs', upTimeoutMs, async () => {
      const running = await plane.members();
      return controllers.every((name) => running[name] === '1.36 eks.3') ? true : undefined;
    });
  });

  chapter('the second run finishes it, although an apiserver, an etcd member and two controllers are killed in it', () =>
    underLoad(async () => {
      const before = await starts(etcds);
      const stopped = await plane.native.latestUpgrade(plane.id);
      const after = (await plane.native.events(stopped.id, 0)).at(-1)?.seq ?? 0;
      const update = await plane.eks.startUpdate(plane.name, '1.37', true);
      const updateId = update.id ?? '';
      expect(updateId).toBe(stopped.id);
      await plane.waitFor(updateId, { kind: 'acted', move: 'start-surge', member: 'apiserver-surge', after }, actTimeoutMs);
      await plane.kill('apiserver-2');
      await plane.waitFor(updateId, { kind: 'acted', move: 'replace-member', member: 'apiserver-1', after }, actTimeoutMs);
      const follower = await plane.etcdFollower(etcds);
      await plane.kill(follower);
      await plane.waitFor(updateId, { kind: 'acted', move: 'replace-member', member: 'apiserver-2', after }, actTimeoutMs);
      await Promise.all([plane.kill('controller-manager-2'), plane.kill('scheduler-1')]);
      const ended = await plane.eks.waitUpdate(plane.name, updateId, 2 * upTimeoutMs);
      expect(ended.errors).toEqual([]);
      expect(ended.status).toBe('Successful');
      await runsEverywhere('1.37 eks.2');
      const events = await plane.native.events(updateId, after);
      const restarted = events.filter(({ kind, move }) => kind === 'acting' && move === 'start-member');
      expect([...new Set(restarted.flatMap(({ members }) => members))].sort()).toEqual([
        'apiserver-2',
        'controller-manager-2',
        follower,
        'scheduler-1',
      ]);
      expect(await starts(etcds)).toEqual({ ...before, [follower]: (before[follower] ?? 0) + 1 });
    }, 2 * workers),
  );
});
