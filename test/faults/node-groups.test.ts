import { afterEach, describe, expect, it } from 'vitest';
import { nativePolicy, type Plan, type Release } from '../../src/domain/index.ts';
import { seedOfRun } from '../rig/index.ts';
import { caller, next, old, PlaneLab } from './plane-lab.ts';
import { simulatedCatalog, type WantedPlane } from './plane-making.ts';
import {
  cordoned,
  deadWebhook,
  dropBudget,
  dropWebhook,
  keepPods,
  placesOf,
  readyPods,
  runPods,
  watchPods,
} from './plane-workloads.ts';

let lab: PlaneLab;
afterEach(() => lab?.close());

const hopTo = (to: Release, from: Release) =>
  ({ from, to, mode: 'rolling', requires: [], oneWayDoors: [], nodegroup: 'blue' }) as const;
const hop = hopTo(next, old);
const drainTimeoutMs = 10_000;

/** A control plane at the newer minor, with nodes at the older one. */
async function open(purpose: string, wanted: WantedPlane = {}): Promise<void> {
  lab = await PlaneLab.open(seedOfRun(purpose), next, { nodes: 2, nodesAt: old, ...wanted });
}

const minorsOfNodes = () =>
  Object.entries(lab.versions()).flatMap(([name, version]) =>
    name.startsWith('blue-') ? [`${name} ${version.replace(/\.\d+$/, '')}`] : [],
  );
const nodesAt = (minor: string, many = 2) => Array.from({ length: many }, (_, index) => `blue-${index + 1} ${minor}`);

/** No rule broken, nobody cordoned, no surge node left. */
function expectClean(): void {
  expect(lab.members.room.faults.violations).toEqual([]);
  expect(cordoned(lab)).toEqual([]);
  expect(Object.keys(lab.versions()).filter((name) => /surge/.test(name))).toEqual([]);
}

async function expectFinished(): Promise<void> {
  const ended = await lab.lift(hop);
  expect(ended, JSON.stringify(ended.reason)).toMatchObject({ status: 'done', reason: null });
  expect(minorsOfNodes()).toEqual(nodesAt('1.37'));
  expectClean();
}

async function reasonsOf(upgradeId: string): Promise<readonly string[]> {
  return (await lab.events(upgradeId)).flatMap(({ kind, reason }) =>
    kind === 'waiting' && reason !== null ? [reason.code] : [],
  );
}

async function planned(to: Release, nodegroup?: string): Promise<Plan> {
  const result = await lab.control.planUpgrade(caller, lab.cluster.id, to, nodegroup);
  if (result.kind !== 'planned') throw new Error(JSON.stringify(result));
  return result.plan;
}

const found = ({ findings }: Plan, check: string) =>
  findings.flatMap((finding) => (finding.check === check ? [`${finding.kind} ${finding.subject}`] : []));

async function start(plan: Plan) {
  const acknowledge = plan.findings.map(({ check }) => check);
  const asked = { clusterId: plan.clusterId, what: { planId: plan.id }, acknowledge, policy: nativePolicy };
  return lab.control.startUpgrade(caller, { ...asked, token: null, answer: () => null });
}

describe('a budget of pods that never allows', () => {
  it('is waited for, then named as nodes stay as they were with every pod where it was; once it allows, a second run finishes', async () => {
    await open('a budget that never allows', { drainTimeoutMs });
    await runPods(lab, 'db', 2);
    await keepPods(lab, 'keep-db', 'db', 2);
    const before = placesOf(lab, 'db');
    const watched = watchPods(lab, 'db');
    const launched = lab.journal.launches.length;
    const ended = await lab.lift(hop);
    expect(ended).toMatchObject({ status: 'returned', reason: { code: 'k8s.pod-not-evicted' } });
    expect(ended.reason?.subject).toMatch(/^default\/db-[01]$/);
    expect(ended.reason?.says).toContain('default/keep-db');
    expect(await reasonsOf(ended.id)).toContain('k8s.budget-allows');
    expect(placesOf(lab, 'db')).toEqual(before);
    expect(watched.fewest.get('db')).toBe(2);
    expect(lab.launchesSince(launched)).toEqual({ 'blue-surge': ['1.37'] });
    expect(minorsOfNodes()).toEqual(nodesAt('1.36'));
    expectClean();

    await keepPods(lab, 'keep-db', 'db', 1);
    await expectFinished();
    expect(watched.fewest.get('db')).toBe(1);
  });
});

describe('a pod with two budgets', () => {
  it('is named at once with both, for waiting does not help, and nothing is asked of it; with one of them, a second run finishes', async () => {
    await open('a pod with two budgets');
    await runPods(lab, 'db', 2);
    await keepPods(lab, 'one', 'db', 1);
    await keepPods(lab, 'two', 'db', 1);
    const before = placesOf(lab, 'db');
    const ended = await lab.lift(hop);
    expect(ended).toMatchObject({ status: 'returned', reason: { code: 'k8s.pod-not-evicted' } });
    expect(ended.reason?.says).toContain('one, two');
    const acts = (await lab.events(ended.id)).flatMap(({ kind, move }) => (kind === 'acting' ? [move] : []));
    expect(acts).not.toContain('evict-pods');
    expect(await reasonsOf(ended.id)).not.toContain('k8s.budget-allows');
    expect(placesOf(lab, 'db')).toEqual(before);
    expect(minorsOfNodes()).toEqual(nodesAt('1.36'));
    expectClean();
    dropBudget(lab, 'two');
    await expectFinished();
  });
});

describe('a webhook that fails closed while nobody answers for it', () => {
  it('is named before the start, which it holds; without it, the nodes are lifted', async () => {
    await open('a dead webhook before');
    deadWebhook(lab, 'guard.shop.example', ['nodes']);
    const launched = lab.journal.launches.length;
    const plan = await planned(next, 'blue');
    expect(found(plan, 'k8s.webhooks-answer')).toEqual(['hazard webhook guard.shop.example']);
    expect(await start(plan)).toMatchObject({ kind: 'obstacles' });
    expect(lab.journal.launches.length).toBe(launched);
    dropWebhook(lab, 'guard.shop.example');
    const again = await planned(next, 'blue');
    expect(found(again, 'k8s.webhooks-answer')).toEqual([]);
    const started = await start(again);
    expect(started.kind).toBe('started');
    if (started.kind !== 'started') return;
    expect(await lab.ended(started.upgrade.id)).toMatchObject({ status: 'done', reason: null });
    expect(minorsOfNodes()).toEqual(nodesAt('1.37'));
    expectClean();
  });

  it('that comes in the middle ends the update with its name; without it, a second run finishes', async () => {
    await open('a dead webhook amid');
    await runPods(lab, 'db', 2);
    const before = placesOf(lab, 'db');
    lab.launched = (launch) => {
      deadWebhook(lab, 'guard.shop.example', ['nodes']);
      return launch;
    };
    const ended = await lab.lift(hop);
    expect(ended).toMatchObject({ status: 'returned', reason: { code: 'k8s.node-not-cordoned', subject: 'blue-1' } });
    const failed = (await lab.events(ended.id)).filter(({ kind }) => kind === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    for (const { says } of failed) expect(says).toContain('failed calling webhook "guard.shop.example"');
    // Of each of the two nodes that were to be cordoned: no endless asking.
    expect(failed.length).toBeLessThanOrEqual(10);
    expect(placesOf(lab, 'db')).toEqual(before);
    expect(minorsOfNodes()).toEqual(['blue-1 1.36', 'blue-2 1.36', 'blue-surge 1.37']);
    expect(cordoned(lab)).toEqual([]);
    lab.launched = (launch) => launch;
    dropWebhook(lab, 'guard.shop.example');
    await expectFinished();
  });
});

describe('nodes that would be outside of what apiservers serve', () => {
  it('newer ones are refused before the start and by the loop itself; after the control plane they are lifted', async () => {
    lab = await PlaneLab.open(seedOfRun('nodes too new'), old, { nodes: 2 });
    const launched = lab.journal.launches.length;
    const plan = await planned(next, 'blue');
    expect(found(plan, 'k8s.nodes-within-skew')).toEqual(['hazard member apiserver-1', 'hazard member apiserver-2']);
    expect(await start(plan)).toMatchObject({ kind: 'obstacles' });
    const ended = await lab.lift(hop);
    expect(ended).toMatchObject({ status: 'stopped', reason: { code: 'k8s.nodes-within-skew' } });
    expect(lab.journal.launches.length).toBe(launched);
    expectClean();
    expect(await lab.control.wish(caller, ended.id, 'cancel')).toMatchObject({ kind: 'accepted' });
    expect(await lab.ended(ended.id)).toMatchObject({ status: 'cancelled' });
    const { nodegroup: _, ...ofThePlane } = hop;
    expect(await lab.lift(ofThePlane)).toMatchObject({ status: 'done', reason: null });
    await expectFinished();
  });

  it('older ones hold the control plane, before the start and in the loop; lifted first, they let it go', async () => {
    const [older, from, to] = ['1.30', '1.33', '1.34'].map((version) => ({ version, build: null }));
    if (older === undefined || from === undefined || to === undefined) return;
    lab = await PlaneLab.open(seedOfRun('nodes too old'), from, { nodes: 2, nodesAt: older, catalog: simulatedCatalog() });
    const launched = lab.journal.launches.length;
    const plan = await planned(to);
    expect(found(plan, 'k8s.nodes-within-skew')).toEqual(['hazard node blue-1', 'hazard node blue-2']);
    expect(await start(plan)).toMatchObject({ kind: 'obstacles' });
    const { nodegroup: _, ...ofThePlane } = hopTo(to, from);
    const ended = await lab.lift(ofThePlane);
    expect(ended).toMatchObject({ status: 'stopped', reason: { code: 'k8s.nodes-within-skew', subject: 'blue-1, blue-2' } });
    expect(Object.keys(lab.launchesSince(launched)).filter((name) => !/surge|snapshot/.test(name))).toEqual([]);
    expect(await lab.control.wish(caller, ended.id, 'cancel')).toMatchObject({ kind: 'accepted' });
    expect(await lab.ended(ended.id)).toMatchObject({ status: 'cancelled' });
    expect(await lab.lift(hopTo(from, older))).toMatchObject({ status: 'done', reason: null });
    expect(await lab.lift(ofThePlane)).toMatchObject({ status: 'done', reason: null });
    expect(minorsOfNodes()).toEqual(nodesAt('1.33'));
    expect(lab.versions()).toMatchObject({
      'apiserver-1': expect.stringMatching(/^1\.34\./),
      'scheduler-2': expect.stringMatching(/^1\.34\./),
    });
    expectClean();
  });
});

describe('pods of nodes that are replaced', () => {
  it.each([1, 2])('move twice at the most with %s of them away, and the budget of their app is kept', async (maxUnavailable) => {
    await open(`pods that move, ${maxUnavailable} away`, { nodes: 4, maxUnavailable });
    await runPods(lab, 'web', 12);
    await keepPods(lab, 'keep-web', 'web', 9);
    const watched = watchPods(lab, 'web');
    const ended = await lab.lift(hop);
    expect(ended, JSON.stringify(ended.reason)).toMatchObject({ status: 'done', reason: null });
    const moves = [...watched.nodes.values()].map((nodes) => nodes.length - 1);
    expect(moves).toHaveLength(12);
    expect(Math.max(...moves)).toBeLessThanOrEqual(2);
    expect(watched.fewest.get('web')).toBeGreaterThanOrEqual(9);
    expect(readyPods(lab, 'web')).toHaveLength(12);
    expect(minorsOfNodes()).toEqual(nodesAt('1.37', 4));
    expectClean();
  });
});
