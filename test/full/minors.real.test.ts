import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { chapters } from '../rig/chapters.ts';
import {
  ControlPlaneRig,
  type EventRow,
  eventually,
  type KubernetesLoad,
  launchesOf,
  nothingLost,
  type PlanRow,
  processesOf,
  untroubled,
} from '../rig/index.ts';

const waitMs = 10 * 60_000;
const soakSeconds = 5;
const etcds = ['etcd-1', 'etcd-2', 'etcd-3'];
const apiservers = ['apiserver-1', 'apiserver-2'];
const controllers = ['controller-manager-1', 'controller-manager-2', 'scheduler-1', 'scheduler-2'];

let plane: ControlPlaneRig;
let load: KubernetesLoad | null = null;

beforeAll(async () => {
  plane = await ControlPlaneRig.start('minors');
});

afterAll(async () => {
  await load?.stop();
  await plane?.close();
});

const chapter = chapters();

/** What each of them runs. */
async function running(names: readonly string[]): Promise<readonly string[]> {
  const members = await plane.members();
  return names.map((name) => `${name} ${members[name]}`);
}

function launches(names: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(names.map((name) => [name, launchesOf(plane.stateFolder, plane.id, name)]));
}

const each = <T>(names: readonly string[], value: T) => Object.fromEntries(names.map((name) => [name, value]));

/** `replace-member etcd-2`, in the order in which it was done. */
function actsOn(events: readonly EventRow[], prefix: string): readonly string[] {
  return events
    .filter(({ kind, members }) => kind === 'acting' && members[0]?.startsWith(prefix))
    .map(({ move, members }) => `${move} ${members[0]}`);
}

describe('a route of two minors, and one of etcd, on a real control plane under load', () => {
  let plan: PlanRow;
  let upgradeId: string;

  chapter('is planned a minor at a time, with the door that etcd goes through', async () => {
    await plane.create('1.35', { 'clusterlift:etcd-members': '3', 'clusterlift:soak-seconds': String(soakSeconds) }, waitMs);
    expect(await running(etcds)).toEqual(etcds.map((name) => `${name} 3.5.35`));
    expect(await running(apiservers)).toEqual(apiservers.map((name) => `${name} 1.35 eks.4`));
    plan = await plane.native.plan(plane.id, '1.37', 'eks.2');
    expect(plan.hops.map(({ hop }) => `${hop.from.version} ${hop.to.version}`)).toEqual(['1.35 1.36', '1.36 1.37']);
    expect(plan.findings.filter(({ kind }) => kind === 'hazard')).toEqual([]);
    expect(JSON.stringify(plan)).toContain('etcd goes from 3.5 to 3.6 and stays there');
  });

  chapter('is lifted through both, and skips none', async () => {
    load = await plane.load();
    upgradeId = (await plane.native.start(plan.id, [])).id;
    const ended = await plane.ended(upgradeId);
    expect(ended, JSON.stringify(ended.reason)).toMatchObject({ status: 'done' });
    expect(await running(etcds)).toEqual(etcds.map((name) => `${name} 3.6.16`));
    expect(await running([...apiservers, ...controllers])).toEqual(
      [...apiservers, ...controllers].map((name) => `${name} 1.37 eks.2`),
    );
    expect(launches(etcds)).toEqual(each(etcds, ['3.5.35', '3.6.16']));
    // Behaving as the minor before, and as itself.
    expect(launches(apiservers)).toEqual(each(apiservers, ['1.35', '1.36', '1.36', '1.37', '1.37']));
    expect(launches(controllers)).toEqual(each(controllers, ['1.35', '1.36', '1.37']));
    const { etcdserver, etcdcluster } = JSON.parse(await plane.etcdVersion()) as Readonly<Record<string, string>>;
    expect([etcdserver, etcdcluster]).toEqual(['3.6.16', '3.6.0']);
  });

  chapter('took the leader of etcd last, once it had handed on the lead, and etcd before any apiserver', async () => {
    const events = await plane.native.events(upgradeId, 0);
    const ofEtcd = actsOn(events, 'etcd-');
    expect(ofEtcd.filter((act) => act.startsWith('snapshot-etcd'))).toHaveLength(2);
    const lifted = ofEtcd.filter((act) => !act.startsWith('snapshot-etcd'));
    const leader = lifted.at(-1)?.split(' ')[1];
    expect(lifted.slice(2)).toEqual([`move-etcd-leader ${leader}`, `replace-member ${leader}`]);
    expect(lifted.filter((act) => act.startsWith('replace-member')).toSorted()).toEqual(
      etcds.map((name) => `replace-member ${name}`),
    );
    const acts = actsOn(events, '');
    expect(acts.lastIndexOf(`replace-member ${leader}`)).toBeLessThan(acts.indexOf('start-surge apiserver-surge'));
  });

  chapter('failed no request and lost no object', async () => {
    const report = await load?.stop();
    load = null;
    console.log(`load: ${JSON.stringify({ ...report, failures: undefined, retries: undefined })}`);
    expect(report === undefined ? null : untroubled(report)).toEqual(nothingLost);
    expect(report?.requests ?? 0).toBeGreaterThan(20 * (report?.seconds ?? 1) * 0.9);
  });

  chapter('leaves neither processes nor snapshots when the cluster is deleted', async () => {
    const snapshots = join(plane.stateFolder, 'state', 'snapshots', plane.id);
    expect(existsSync(snapshots)).toBe(true);
    await plane.eks.remove(plane.name);
    await eventually('the cluster is gone', waitMs, async () =>
      (await plane.native.clusterIds()).length === 0 ? true : undefined,
    );
    expect(await processesOf(join(plane.stateFolder, 'state', 'members'))).toEqual([]);
    expect(existsSync(snapshots)).toBe(false);
  });
});
