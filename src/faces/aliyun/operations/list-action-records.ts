import type { Caller, Plan, Upgrade, UpgradeEvent } from '../../../domain/index.ts';
import { type FaceParts, type Operation, queryValue, reply } from '../call.ts';
import { actionRecord } from '../translate/action-record.ts';
import { viewOf } from './instances.ts';
import { isError, pageOf } from './parameters.ts';

const recordsMax = 200;
const eventsMax = 1_000;
const usualPageSize = 10;
const upgradeAction = 'UpgradeEngineVersion';

export const listActionRecords: Operation = async (parts, call) => {
  const view = await viewOf(parts, call);
  if (isError(view)) return view;
  const names = (queryValue(call, 'actionNames') ?? '').split(',').filter(Boolean);
  const upgrades =
    names.length > 0 && !names.includes(upgradeAction)
      ? []
      : await parts.control.listUpgrades(call.caller, { clusterId: view.cluster.id, limit: recordsMax });
  const requestId = queryValue(call, 'requestId') ?? '';
  const asked = upgrades.filter((upgrade) => requestId === '' || upgrade.id === requestId.toLowerCase());
  const wanted = asked.filter((upgrade) => withinTime(upgrade, queryValue(call, 'startTime'), queryValue(call, 'endTime')));
  const page = pageOf(wanted, call, usualPageSize);
  if (isError(page)) return page;
  const records = await Promise.all(page.map(async (upgrade) => actionRecord(await recordOf(parts, call.caller, upgrade))));
  return reply(records, { Headers: { 'X-Total-Count': wanted.length } });
};

export interface RecordSource {
  readonly upgrade: Upgrade;
  readonly plan: Plan | undefined;
  readonly events: readonly UpgradeEvent[];
  readonly nowMs: number;
}

async function recordOf(parts: FaceParts, caller: Caller, upgrade: Upgrade): Promise<RecordSource> {
  const [plan, events] = await Promise.all([
    parts.control.getPlan(caller, upgrade.planId),
    parts.control.listEvents(caller, upgrade.id, 0, eventsMax),
  ]);
  return { upgrade, plan, events, nowMs: Date.parse(parts.now()) };
}

function withinTime(upgrade: Upgrade, start: string | undefined, end: string | undefined): boolean {
  const at = Date.parse(upgrade.createdAt);
  const bound = (text: string | undefined, otherwise: number) =>
    text === undefined || text === '' || !Number.isFinite(Number(text)) ? otherwise : Number(text);
  return at >= bound(start, 0) && at <= bound(end, Number.POSITIVE_INFINITY);
}
