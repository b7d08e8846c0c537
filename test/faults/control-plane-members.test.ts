import { afterEach, describe, expect, it } from 'vitest';
import { nativePolicy } from '../../src/domain/index.ts';
import { eventually, seedOfRun } from '../rig/index.ts';
import type { Cut } from './doomed-server.ts';
import { caller, next, old, PlaneLab } from './plane-lab.ts';

const planTimeoutMs = 60_000;
let lab: PlaneLab;
afterEach(() => lab?.close());

const hop = { from: old, to: next, mode: 'rolling', requires: [], oneWayDoors: [] } as const;
const etcds = ['etcd-1', 'etcd-2', 'etcd-3'];
const lifted = ['apiserver-1', 'apiserver-2', 'controller-manager-1', 'controller-manager-2', 'scheduler-1', 'scheduler-2'];

/** Does something once, when the server is about to do that. */
function when(act: string, befalls: () => unknown): { readonly cut: Cut; readonly befell: () => boolean } {
  let befell = false;
  const cut: Cut = (asked) => {
    if (asked !== act || befell) return null;
    befell = true;
    befalls();
    return null;
  };
  return { cut, befell: () => befell };
}

const kill = (...members: readonly string[]) => {
  for (const member of members) void lab.members.kill(member);
};

function expectLifted(): void {
  const versions = lab.versions();
  expect(lifted.map((name) => versions[name]?.replace(/\.\d+$/, ''))).toEqual(lifted.map(() => '1.37'));
  expect(Object.keys(versions).filter((name) => /surge|snapshot|trial/.test(name))).toEqual([]);
  expect(etcds.filter((name) => versions[name] === undefined)).toEqual([]);
}

async function resumed(upgradeId: string): Promise<void> {
  expect(await lab.control.wish(caller, upgradeId, 'resume')).toMatchObject({ kind: 'accepted' });
  const ended = await lab.ended(upgradeId);
  expect(ended, JSON.stringify(ended.reason)).toMatchObject({ status: 'done', reason: null });
  expectLifted();
}

describe('etcd, while a control plane goes to the next minor', () => {
  it('loses a member: it is started again as it was, nobody else of it is touched, and the majority stays', async () => {
    lab = await PlaneLab.open(seedOfRun('a member of etcd is lost'), old);
    const launched = lab.journal.launches.length;
    const { cut, befell } = when('stop apiserver-1', () => kill('etcd-2'));
    const ended = await lab.lift(hop, cut);
    expect(ended, JSON.stringify(ended.reason)).toMatchObject({ status: 'done', reason: null });
    expect(befell()).toBe(true);
    expectLifted();
    const launches = lab.launchesSince(launched);
    expect(etcds.map((name) => launches[name])).toEqual([undefined, ['3.6.16'], undefined]);
    // The loss of one member is all that the world has seen.
    expect(lab.members.room.faults.violations).toEqual([]);
    expect(lab.members.room.seen.fewestReady).toBeGreaterThanOrEqual(1);
  });

  it('loses its majority: both are started again first, nobody is taken meanwhile, and the upgrade is finished', async () => {
    lab = await PlaneLab.open(seedOfRun('etcd loses its majority'), old);
    const launched = lab.journal.launches.length;
    const { cut, befell } = when('stop apiserver-2', () => kill('etcd-1', 'etcd-3'));
    const ended = await lab.lift(hop, cut);
    expect(ended, JSON.stringify(ended.reason)).toMatchObject({ status: 'done', reason: null });
    expect(befell()).toBe(true);
    expectLifted();
    const launches = lab.launchesSince(launched);
    expect(etcds.map((name) => launches[name])).toEqual([['3.6.16'], undefined, ['3.6.16']]);
    // What was killed is ours; it is lost once and never again.
    expect(lab.members.room.faults.violations).toEqual([expect.stringMatching(/etcd lost its quorum$/)]);
  });

  it('is full before the start: nothing starts; in the middle: stops with what to do; with room again, a second run finishes', async () => {
    lab = await PlaneLab.open(seedOfRun('etcd is full'), old);
    const { etcd } = lab.members.room.world;
    const launched = lab.journal.launches.length;
    etcd.noSpace = true;
    // A full etcd takes no leases either: while leaders drop out one after the other, a plan that names them is soon outdated.
    const { findings, started } = await eventually('a plan that is not outdated', planTimeoutMs, async () => {
      const result = await lab.control.planUpgrade(caller, lab.cluster.id, next);
      if (result.kind !== 'planned') throw new Error(JSON.stringify(result));
      const acknowledge = result.plan.findings.map(({ check }) => check);
      const asked = { clusterId: lab.cluster.id, what: { planId: result.plan.id }, acknowledge, policy: nativePolicy };
      const begun = await lab.control.startUpgrade(caller, { ...asked, token: null, answer: () => null });
      return begun.kind === 'plan-outdated' ? undefined : { findings: result.plan.findings, started: begun };
    });
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'hazard', check: expect.stringMatching(/etcd/) }));
    expect(started).toMatchObject({ kind: 'obstacles' });
    expect(lab.journal.launches.length).toBe(launched);
    etcd.noSpace = false;

    lab.failures.add('etcd-full');
    const ended = await lab.lift(hop);
    expect(ended).toMatchObject({ status: 'stopped', reason: { code: 'k8s.etcd-has-an-alarm' } });
    expect(ended.reason?.clearedBy).toContain('etcdctl alarm disarm');
    lab.failures.clear();
    etcd.noSpace = false;
    await resumed(ended.id);
    expect(lab.members.room.faults.violations).toEqual([]);
  });
});
