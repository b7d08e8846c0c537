import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { chapters } from '../rig/chapters.ts';
import {
  ControlPlaneRig,
  eventually,
  type KubernetesLoad,
  launchesOf,
  nothingLost,
  processesOf,
  randomFrom,
  seedOfRun,
  untroubled,
} from '../rig/index.ts';

const waitMs = 10 * 60_000;
const actTimeoutMs = 5 * 60_000;
/** Without etcd a leader gives up renewing its lease after ten seconds, and ends; one that stands by goes on asking for it. */
const leaselessTimeoutMs = 3 * 60_000;
const etcds = ['etcd-1', 'etcd-2', 'etcd-3'];
const apiservers = ['apiserver-1', 'apiserver-2'];
const kinds = ['controller-manager', 'scheduler'];
const controllers = kinds.flatMap((kind) => [`${kind}-1`, `${kind}-2`]);
const surge = 'apiserver-surge';
const everybody = [...etcds, ...apiservers, ...controllers, surge];
/** A minor tells more than eighteen events of acts, there and back: the last kill is before its end. */
const kills = 3;
const eventsAKill = 6;
const plusAtMostMs = 1_500;

let plane: ControlPlaneRig;
let load: KubernetesLoad | null = null;
let random: () => number;

beforeAll(async () => {
  random = randomFrom(seedOfRun('a minor that outlives kills'));
  plane = await ControlPlaneRig.start('outlives');
  await plane.create(
    '1.36',
    {
      'clusterlift:platform-version': 'eks.3',
      'clusterlift:soak-seconds': '3',
      'clusterlift:etcd-members': '3',
      'clusterlift:trial': 'off',
    },
    waitMs,
  );
  await plane.kubectl('create', 'configmap', 'kept', '--from-literal=written=before');
});

afterAll(async () => {
  await load?.stop();
  await plane?.close();
});

const chapter = chapters();

const each = <T>(names: readonly string[], value: T) => Object.fromEntries(names.map((name) => [name, value]));

function launches(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(everybody.map((name) => [name, launchesOf(plane.stateFolder, plane.id, name)]));
}

function launchesSince(before: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(launches()).map(([name, all]) => [name, all.slice(before[name]?.length ?? 0)]));
}

const membersFolder = () => join(plane.stateFolder, 'state', 'members');

/** Told by the machine itself, so also while the server is away or busy. */
async function pidsOf(names: readonly string[]): Promise<readonly number[]> {
  const found = await processesOf(join(membersFolder(), plane.id));
  const folders = names.map((name) => `${join(membersFolder(), plane.id, name)}/`);
  return found.filter(({ command }) => folders.some((folder) => command.includes(folder))).map(({ pid }) => pid);
}

/** What runs below the members' folder, and is nobody's place in the cluster; and who of the cluster does not run. */
async function strangersAndMissing(): Promise<readonly string[]> {
  const wanted = [...etcds, ...apiservers, ...controllers, 'front-door'];
  const found = (await processesOf(membersFolder())).map(({ command }) => new RegExp(`${plane.id}/([^/]+)/`).exec(command)?.[1]);
  return [
    ...found.filter((name) => name === undefined || !wanted.includes(name)).map((name) => `too many: ${name}`),
    ...wanted.filter((name) => !found.includes(name)).map((name) => `missing: ${name}`),
  ];
}

/** Everybody runs it, the place for one more is away again, and nothing else runs. */
async function settledAt(release: string): Promise<void> {
  const wanted = { ...each(etcds, '3.6.16'), ...each([...apiservers, ...controllers], release), [surge]: 'away' };
  await eventually(`all run ${release}`, waitMs, async () => {
    const members = await plane.members();
    const wrong = Object.entries(wanted).filter(([name, what]) => members[name] !== what);
    if (wrong.length > 0) throw new Error(wrong.map(([name]) => `${name}: ${members[name]}`).join(', '));
    return true;
  });
  expect(await strangersAndMissing()).toEqual([]);
}

/** Up or back by the call of the official client, its server killed meanwhile. */
async function movesUnderKill(version: string): Promise<string> {
  const id = (await plane.eks.startUpdate(plane.name, version, true)).id ?? '';
  for (let kill = 0; kill < kills; kill += 1) {
    const afterActs = 1 + kill * eventsAKill + Math.floor(random() * eventsAKill);
    const moment = { afterActs, plusMs: Math.floor(random() * plusAtMostMs) };
    console.log(`${version}: killed ${await plane.killServerAt(id, moment)}`);
    expect((await plane.native.upgrade(id)).status, 'killed before its end').toBe('running');
  }
  const ended = await plane.ended(id);
  expect(ended, JSON.stringify(ended.reason)).toMatchObject({ status: 'done', reason: null });
  return id;
}

async function loadReport(purpose: string) {
  const report = await load?.stop();
  load = null;
  if (report === undefined) throw new Error('there is no load');
  console.log(`load, ${purpose}: ${JSON.stringify({ ...report, retries: undefined, failures: report.failures.length })}`);
  expect(report.requests).toBeGreaterThan(0);
  return report;
}

describe('a minor of a real control plane under load', () => {
  chapter('is finished although its server is killed three times, each member started as often as the plan wants', async () => {
    load = await plane.load();
    const before = launches();
    await movesUnderKill('1.37');
    await settledAt('1.37 eks.2');
    // Behaving as the old minor, and as itself.
    expect(launchesSince(before)).toEqual({
      ...each(etcds, []),
      ...each([...apiservers, surge], ['1.37', '1.37']),
      ...each(controllers, ['1.37']),
    });
  });

  chapter('is taken back likewise, and no request has failed', async () => {
    const before = launches();
    await movesUnderKill('1.36');
    await settledAt('1.36 eks.3');
    expect(launchesSince(before)).toEqual({
      ...each(etcds, []),
      ...each([...apiservers, surge], ['1.37', '1.36']),
      ...each(controllers, ['1.36']),
    });
    expect(untroubled(await loadReport('there and back'))).toEqual(nothingLost);
  });

  chapter('is finished although etcd loses its majority in the middle until both leading controllers have ended', async () => {
    load = await plane.load();
    const before = launches();
    const id = (await plane.eks.startUpdate(plane.name, '1.37', true)).id ?? '';
    await plane.waitFor(id, { kind: 'acted', move: 'replace-member', member: 'apiserver-1' }, actTimeoutMs);
    const spared = etcds[Math.floor(random() * etcds.length)] ?? '';
    const lost = etcds.filter((name) => name !== spared);
    const began = performance.now();
    let deaths = 0;
    // Both at once, and again whenever somebody starts them, as where their disks are away.
    await eventually('both leading controllers have ended', leaselessTimeoutMs, async () => {
      for (const pid of await pidsOf(lost)) {
        process.kill(pid, 'SIGKILL');
        deaths += 1;
      }
      const left = await Promise.all(kinds.map((kind) => pidsOf([`${kind}-1`, `${kind}-2`])));
      return left.every((pids) => pids.length < 2) ? true : undefined;
    });
    const awaySeconds = Math.round((performance.now() - began) / 1_000);
    console.log(`no majority for ${awaySeconds} s, ${deaths} deaths of etcd`);
    let upgrade = await plane.ended(id);
    console.log(`${upgrade.status} ${Math.round((performance.now() - began) / 1_000)} s after the first of them`);
    if (upgrade.status === 'stopped') {
      console.log(`stopped: ${JSON.stringify(upgrade.reason)}`);
      expect(upgrade.reason?.clearedBy).not.toBe('');
      // Nobody was asked: what does not run is started again also while an upgrade waits for a person.
      await eventually('all are up again', waitMs, async () => {
        const members = await plane.members();
        return [...etcds, ...apiservers, ...controllers].every((name) => members[name] !== 'away') ? true : undefined;
      });
      const again = await plane.eks.startUpdate(plane.name, '1.37', true);
      expect(again.id).toBe(id);
      upgrade = await plane.ended(id);
    }
    expect(upgrade, JSON.stringify(upgrade.reason)).toMatchObject({ status: 'done', reason: null });
    await settledAt('1.37 eks.2');
    console.log(`starts: ${JSON.stringify(launchesSince(before))}`);
    expect(launchesSince(before)[spared]).toEqual([]);
    const { objects } = await loadReport('without a majority for a while');
    expect({ lost: objects.lost, differing: objects.differing }).toEqual({ lost: [], differing: [] });
    expect(await plane.kubectl('get', 'configmap', 'kept', '-o', 'jsonpath={.data.written}')).toBe('before');
  });
});
