import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster, Edge, Intent, Plan, Release, Upgrade, UpgradeAction, UpgradeStatus } from '../domain/index.ts';
import { noon, openTestStore, sampleCluster, samplePlan, sampleUpgrade, type TestStore } from '../store/samples.ts';
import type { Control } from './control.ts';
import { createControl } from './create-control.ts';
import { caller, catalog, type Given, given, newRelease, oldRelease, planOf, spec } from './testing.ts';
import { actionsOfStarted } from './upgrade-actions.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const back: Edge = { from: '6.7.0', to: '5.6.16', mode: 'rolling', requires: [], oneWayDoors: [], back: true };

interface Situation {
  readonly upgrade?: Partial<Upgrade>;
  readonly cluster?: Pick<Partial<Cluster>, 'deleteAfter' | 'provisioning'>;
  readonly plan?: Partial<Plan>;
  /** The catalog has a way back. */
  readonly leadsBack?: boolean;
  /** What a look at the cluster would find. */
  readonly runs?: Release;
  /** The highest release that a look would find. */
  readonly newest?: Release;
}

interface Made {
  readonly g: Given;
  readonly control: Control;
  readonly cluster: Cluster;
  readonly upgrade: Upgrade;
  actions(): Promise<readonly UpgradeAction[]>;
}

async function situation(of: Situation): Promise<Made> {
  const g = given(test.store);
  const runs = of.runs ?? oldRelease;
  g.engine.release = runs;
  if (of.newest !== undefined) g.engine.engine.newestOf = () => of.newest ?? null;
  const engineering = g.parts.engines.elasticsearch;
  if (engineering === undefined) throw new Error('there is no engine');
  const edges = of.leadsBack ? [...catalog.edges, back] : catalog.edges;
  const engines = { elasticsearch: { ...engineering, catalog: { ...catalog, edges } } };
  const { control } = createControl({ ...g.parts, engines }, new AbortController().signal);
  const cluster = sampleCluster({ spec: spec({ release: runs }) });
  await test.store.insertCluster(cluster);
  const plan = samplePlan(cluster.id, { ...planOf(cluster.id), ...of.plan });
  await test.store.insertPlan(plan);
  const upgrade = sampleUpgrade(plan, of.upgrade);
  await test.store.insertUpgrade(upgrade, [], null);
  // Afterwards: none would begin on a cluster that leaves.
  await test.store.updateCluster(cluster.id, of.cluster ?? {}, noon);
  return { g, control, cluster, upgrade, actions: async () => (await control.upgradeActions(caller, [upgrade]))[0] ?? [] };
}

const rows: readonly (readonly [UpgradeStatus, Intent])[] = [
  ['running', 'go'],
  ['running', 'pause'],
  ['running', 'cancel'],
  ['paused', 'pause'],
  ['stopped', 'go'],
  ['stopped', 'pause'],
  ['stopped', 'cancel'],
  ['gated', 'go'],
  ['done', 'go'],
  ['cancelled', 'cancel'],
  ['returned', 'go'],
];
const clusters: readonly (readonly [string, NonNullable<Situation['cluster']>])[] = [
  ['stays', {}],
  ['is to be deleted', { deleteAfter: '2026-12-01T00:00:00.000Z' }],
  ['is being deleted', { provisioning: { state: 'deleting' }, deleteAfter: noon }],
];
const wishes = ['pause', 'resume', 'cancel', 'continue'] as const;
const table = rows.flatMap(([status, intent]) => clusters.map(([says, cluster]) => ({ status, intent, says, cluster })));

describe('what may be done with an upgrade', () => {
  it.each(table)(
    'is what is accepted, where it is $status ($intent) and its cluster $says',
    async ({ status, intent, cluster }) => {
      const ends = await Promise.all(
        wishes.map(async (wanted) => {
          const made = await situation({ upgrade: { status, intent }, cluster });
          const shown = (await made.actions()).find(({ action }) => action === wanted);
          const end = await made.control.wish(caller, made.upgrade.id, wanted);
          const says = end.kind === 'already' || end.kind === 'not-now' ? end.says : null;
          return { shown, told: { action: wanted, possible: end.kind === 'accepted', reason: says } };
        }),
      );
      expect(ends.map(({ shown }) => shown)).toEqual(ends.map(({ told }) => told));
    },
  );

  it('is told of every status with a sentence where it is not possible, and without one where it is', async () => {
    for (const [status, intent] of rows) {
      const actions = await (await situation({ upgrade: { status, intent } })).actions();
      expect(actions.map(({ action }) => action)).toEqual([...wishes, 'roll-back']);
      for (const { possible, reason } of actions) expect(reason).toEqual(possible ? null : expect.stringMatching(/^[A-Z].*\.$/));
    }
  });

  it('that has just begun is what is told of it afterwards', async () => {
    const made = await situation({});
    expect(actionsOfStarted(made.upgrade)).toEqual(await made.actions());
  });

  it('of several is told in their order, with one question for each cluster', async () => {
    const one = await situation({ upgrade: { status: 'done', endedAt: noon }, runs: newRelease, leadsBack: true });
    const other = await situation({ upgrade: { status: 'paused' } });
    const [back, paused] = await one.control.upgradeActions(caller, [one.upgrade, other.upgrade]);
    expect(back).toEqual(await one.actions());
    expect(paused).toEqual(await other.actions());
  });
});

const ended = (status: UpgradeStatus): Partial<Upgrade> => ({ status, endedAt: noon });
/** Two hops, of which the first was walked by some. */
const far: Partial<Plan> = {
  to: { version: '6.8.23', build: null },
  hops: [
    ...(planOf('').hops ?? []),
    {
      hop: { from: newRelease, to: { version: '6.8.23', build: null }, mode: 'rolling', requires: [], oneWayDoors: [] },
      waves: [['node-1'], ['node-2']],
      estimateSeconds: 60,
      oneWayDoors: [],
    },
  ],
};

const ways: readonly (readonly [string, Situation, 'possible' | RegExp])[] = [
  ['is done, and the catalog leads back', { upgrade: ended('done'), runs: newRelease, leadsBack: true }, 'possible'],
  [
    'is done, and nothing leads back',
    { upgrade: ended('done'), runs: newRelease },
    /no way back from 6\.7\.0 to 5\.6\.16.*snapshot/,
  ],
  [
    'changed the build alone',
    { upgrade: { ...ended('done'), from: { version: '6.7.0', build: 'ali1.2.0' } }, runs: newRelease },
    'possible',
  ],
  [
    'was cancelled half-way',
    { upgrade: ended('cancelled'), runs: oldRelease, newest: newRelease, leadsBack: true, plan: far },
    'possible',
  ],
  [
    'was cancelled half-way, and nothing leads back',
    { upgrade: ended('cancelled'), runs: oldRelease, newest: newRelease, plan: far },
    /no way back/,
  ],
  ['went back by itself', { upgrade: ended('returned'), leadsBack: true }, /runs 5\.6\.16: there is nothing/],
  ['has not ended', { upgrade: { status: 'paused' }, leadsBack: true }, /has not ended\. Cancel it first/],
  [
    'is done on a cluster that is to be deleted',
    { upgrade: ended('done'), runs: newRelease, leadsBack: true, cluster: { deleteAfter: '2026-12-01T00:00:00.000Z' } },
    /about to be deleted/,
  ],
];

describe('the way back of an upgrade that', () => {
  it.each(ways)(
    '%s is planned where it is said to be possible, and is refused with the same words where not',
    async (_, of, expected) => {
      const made = await situation(of);
      const shown = (await made.actions()).find(({ action }) => action === 'roll-back');
      const end = await made.control.planWayBack(caller, made.upgrade.id);
      if (expected === 'possible') {
        expect(shown).toEqual({ action: 'roll-back', possible: true, reason: null });
        expect(end).toMatchObject({ kind: 'planned', plan: { clusterId: made.cluster.id, to: made.upgrade.from } });
        return;
      }
      expect(shown).toEqual({ action: 'roll-back', possible: false, reason: expect.stringMatching(expected) });
      expect(end).toMatchObject({ kind: 'not-now', says: shown?.reason });
      expect(made.g.engine.asked).toEqual([]);
    },
  );

  it('is not the latest of its cluster is not planned', async () => {
    const made = await situation({ upgrade: ended('done'), runs: newRelease, leadsBack: true });
    const plan = samplePlan(made.cluster.id);
    await test.store.insertPlan(plan);
    await test.store.insertUpgrade(sampleUpgrade(plan, ended('done')), [], null);
    expect((await made.actions()).at(-1)).toMatchObject({ possible: false, reason: expect.stringMatching(/^A later upgrade/) });
    expect(await made.control.planWayBack(caller, made.upgrade.id)).toMatchObject({ kind: 'not-now' });
  });
});
