import type { Upgrade, UpgradeEvent, UpgradeStatus } from '../../../domain/index.ts';
import type { RecordSource } from '../operations/list-action-records.ts';
import { esVersion } from './version.ts';

const states = {
  running: 'ACTIVATING',
  gated: 'ACTIVATING',
  paused: 'SUSPENDED',
  stopped: 'FAILED',
  done: 'FINISHED',
  cancelled: 'CANCELLED',
  returned: 'FAILED',
} as const satisfies Record<UpgradeStatus, string>;

/** One upgrade as a record of an action. Outer names come in both letter cases: clients differ. */
export function actionRecord(source: RecordSource) {
  const record = plainRecord(source);
  const pascal = Object.fromEntries(
    Object.entries(record).map(([key, value]) => [`${key[0]?.toUpperCase()}${key.slice(1)}`, value]),
  );
  return { ...pascal, ...record };
}

function plainRecord({ upgrade, plan, events, nowMs }: RecordSource) {
  const kernel = upgrade.from.version === upgrade.to.version;
  const endTime = upgrade.endedAt === null ? nowMs : Date.parse(upgrade.endedAt);
  const shown = (release: Upgrade['from']) => (kernel ? (release.build ?? '') : esVersion(release));
  const lifted = events
    .filter((event) => event.kind === 'acted' && event.move === 'lift-member')
    .flatMap((event) => event.members);
  const total = plan?.hops.reduce((sum, hop) => sum + hop.waves.flat().length, 0) ?? 0;
  const done = upgrade.status === 'done' ? total : Math.min(lifted.length, total);
  return {
    actionName: 'UpgradeEngineVersion',
    actionParams: { type: kernel ? 'aliVersion' : 'engineVersion', version: kernel ? shown(upgrade.to) : upgrade.to.version },
    instanceId: upgrade.clusterId,
    requestId: upgrade.id,
    recordIds: [upgrade.id],
    ownerId: upgrade.startedBy,
    userId: upgrade.startedBy,
    userInfo: upgrade.startedBy,
    userType: 'AccessKey',
    startTime: Date.parse(upgrade.createdAt),
    endTime,
    stateType: states[upgrade.status],
    process: total === 0 ? '0%' : `${Math.floor((done / total) * 100)}%`,
    metaOld: shown(upgrade.from),
    metaNow: shown(upgrade.to),
    recordDiff: { 'upgradeSetting/version.old': shown(upgrade.from), 'upgradeSetting/version.now': shown(upgrade.to) },
    actionResultAccessList: [],
    canCancelable: false,
    interruptible: upgrade.status === 'running',
    statusInfo: statusInfo(upgrade, events, { done, total, endTime }),
    detail: detailOf(upgrade, { done, total }),
    changeDetail: {
      stateType: upgrade.status === 'done' ? 'OK' : 'UPDATING',
      detail: { hasDoneNodeCount: done, totalNodeCount: total },
      subTasks: [],
    },
  };
}

interface Progress {
  readonly done: number;
  readonly total: number;
}

/** `grayDone` says that the change waits at its gate for ContinueEsVersionUpgrade. */
function detailOf(upgrade: Upgrade, { done, total }: Progress) {
  return {
    changeId: upgrade.id,
    elasticsearchStatus: upgrade.status === 'done' ? 'OK' : 'Updating',
    pendingOperationNodesCount: total - done,
    hasDoneNodeCount: done,
    totalNodeCount: total,
    ...(upgrade.status === 'gated' ? { grayType: 'grayDone' } : {}),
    ...(upgrade.reason === null ? {} : { reason: upgrade.reason }),
  };
}

function statusInfo(upgrade: Upgrade, events: readonly UpgradeEvent[], progress: Progress & { readonly endTime: number }) {
  const startTime = Date.parse(upgrade.createdAt);
  return [
    {
      subState: upgrade.status === 'done' ? 'ending' : 'updating-task',
      stateType: states[upgrade.status],
      process: progress.total === 0 ? '0%' : `${Math.floor((progress.done / progress.total) * 100)}%`,
      startTime,
      endTime: progress.endTime,
      latencyMills: progress.endTime - startTime,
      nodeCount: progress.total,
      completeNodeCount: progress.done,
      exception: upgrade.status === 'stopped' ? (upgrade.reason?.says ?? '') : '',
      subStatusInfo: events.filter((event) => event.kind === 'acted' || event.kind === 'failed').map(subStatus),
      detail: { pendingOperationNodesCount: progress.total - progress.done },
    },
  ];
}

function subStatus(event: UpgradeEvent) {
  const at = Date.parse(event.at);
  return {
    subState: event.move ?? event.kind,
    stateType: event.kind === 'acted' ? 'FINISHED' : 'FAILED',
    process: '100%',
    startTime: at,
    endTime: at,
    latencyMills: 0,
    nodeCount: event.members.length,
    completeNodeCount: event.kind === 'acted' ? event.members.length : 0,
    exception: event.kind === 'failed' ? event.says : '',
    subStatusInfo: [],
  };
}
