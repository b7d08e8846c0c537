import { Type } from 'typebox';
import type { OwnersWish, Upgrade as UpgradeRow } from '../../../domain/index.ts';
import { type Call, created, type FaceParts, ok } from '../call.ts';
import { fail, notFound } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import { planWire } from '../translate/plan.ts';
import { refusal } from '../translate/refusal.ts';
import { type Beside, upgradeWire } from '../translate/upgrade.ts';
import { Plan, ref, Upgrade, UpgradeId, UpgradeList, UpgradesQuery, WishAnswer } from '../wire/index.ts';
import { startUpgrade } from './start-upgrade.ts';

export const upgradeParams = Type.Object({ upgradeId: UpgradeId });
const usualLimit = 50;

const listUpgrades = operation({
  id: 'listUpgrades',
  tag: 'upgrades',
  method: 'GET',
  path: '/upgrades',
  summary: 'Upgrades of your account, newest first',
  query: UpgradesQuery,
  answers: { 200: { description: 'One page of them.', schema: UpgradeList } },
  errors: ['not-found'],
  concerns: ({ query: { clusterId } }) => (clusterId === undefined ? 'everything' : { kind: 'cluster', id: clusterId }),
  run: async (parts, { caller, query }) => {
    const { limit = usualLimit, clusterId, unfinished, before } = query;
    if (clusterId !== undefined && (await parts.control.getCluster(caller, clusterId)) === undefined)
      return notFound('cluster', clusterId);
    // One more than is shown tells whether there is a next page.
    const rows = await parts.control.listUpgrades(caller, {
      limit: limit + 1,
      ...(clusterId === undefined ? {} : { clusterId }),
      ...(unfinished === undefined ? {} : { unfinished }),
      ...(before === undefined ? {} : { before }),
    });
    const page = rows.slice(0, limit);
    const upgrades = await shownUpgrades(parts, caller, page);
    return ok({ upgrades, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null });
  },
});

const getUpgrade = operation({
  id: 'getUpgrade',
  tag: 'upgrades',
  method: 'GET',
  path: '/upgrades/:upgradeId',
  summary: 'One upgrade',
  params: upgradeParams,
  answers: { 200: { description: 'The upgrade.', schema: ref(Upgrade) } },
  run: async (parts, { caller, params }) => {
    const row = await parts.control.getUpgrade(caller, params.upgradeId);
    return row === undefined ? notFound('upgrade', params.upgradeId) : ok(await shownUpgrade(parts, caller, row));
  },
});

const wishes = {
  pause: {
    summary: 'Pause an upgrade',
    description: 'The members in hand are finished first; settings are given back as their owner had them.',
    says: 'It pauses as soon as the members in hand are finished.',
  },
  resume: {
    summary: 'Resume an upgrade that is paused or has stopped',
    description: 'It looks at the cluster afresh and goes on from what it sees.',
    says: 'It goes on.',
  },
  cancel: {
    summary: 'Cancel an upgrade',
    description:
      'The members in hand are finished first; the cluster may be left with mixed versions. The same target takes it up again.',
    says: 'It ends as soon as the members in hand are finished.',
  },
  continue: {
    summary: 'Let an upgrade past its gate',
    description: 'For upgrades whose status is `gated`.',
    says: 'It goes on past the gate.',
  },
} as const satisfies Record<OwnersWish, unknown>;

function wishOperation(wish: OwnersWish): Operation {
  const { summary, description, says } = wishes[wish];
  return operation({
    id: `${wish}Upgrade`,
    tag: 'upgrades',
    method: 'POST',
    path: `/upgrades/:upgradeId/${wish}`,
    summary,
    description: `${description} Who asked is recorded. Asked twice, it answers the same.`,
    params: upgradeParams,
    answers: { 200: { description: 'The upgrade, and what happens now.', schema: WishAnswer } },
    errors: ['not-now'],
    run: async (parts, { caller, params }) => {
      const end = await parts.control.wish(caller, params.upgradeId, wish);
      if (end.kind === 'not-found') return notFound('upgrade', params.upgradeId);
      if (end.kind === 'not-now') return fail('not-now', end.says, { details: { status: end.upgrade.status } });
      const upgrade = await shownUpgrade(parts, caller, end.upgrade);
      return ok({ upgrade, says: end.kind === 'already' ? end.says : says });
    },
  });
}

const planWayBack = operation({
  id: 'planWayBack',
  tag: 'upgrades',
  method: 'POST',
  path: '/upgrades/:upgradeId/way-back',
  summary: 'Plan the way back to what the cluster ran before its latest upgrade',
  description: 'Nothing of the cluster is changed. The plan is started as any other.',
  params: upgradeParams,
  answers: { 201: { description: 'The plan.', schema: ref(Plan) } },
  errors: ['not-now', 'upgrade-unfinished', 'not-ready', 'no-route', 'unreachable'],
  run: async ({ control }, { caller, params }) => {
    const result = await control.planWayBack(caller, params.upgradeId);
    if (result.kind === 'not-found') return notFound('upgrade', params.upgradeId);
    if (result.kind === 'not-now') return fail('not-now', result.says, { details: { status: result.upgrade.status } });
    if (result.kind !== 'planned') return refusal(result, { clusterId: '', planId: null });
    return created(planWire(result.plan), `/plans/${result.plan.id}`);
  },
});

export async function shownUpgrade(parts: FaceParts, caller: Call['caller'], row: UpgradeRow) {
  return upgradeWire(row, await beside(parts, caller, row));
}

async function beside({ control, hopsOf }: FaceParts, caller: Call['caller'], row: UpgradeRow): Promise<Beside> {
  const [hops, [actions = []]] = await Promise.all([hopsOf(caller, row), control.upgradeActions(caller, [row])]);
  return { hops, actions };
}

async function shownUpgrades({ control, hopsOf }: FaceParts, caller: Call['caller'], rows: readonly UpgradeRow[]) {
  const actions = await control.upgradeActions(caller, rows);
  return Promise.all(
    rows.map(async (row, index) => upgradeWire(row, { hops: await hopsOf(caller, row), actions: actions[index] ?? [] })),
  );
}

export const upgradeOperations: readonly Operation[] = [
  listUpgrades,
  startUpgrade,
  getUpgrade,
  ...(Object.keys(wishes) as OwnersWish[]).map(wishOperation),
  planWayBack,
];
