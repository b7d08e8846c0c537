import { compareVersions, type Finding, type Reason, type Upgrade, type UpgradeStatus } from '../../../domain/index.ts';
import type { Json } from '../call.ts';
import { seconds } from './moment.ts';

export type UpdateStatus = 'InProgress' | 'Failed' | 'Cancelled' | 'Successful';

/**
 * `stopped` waits for a person, which this API has no word for: the update has failed, and the same request takes it up
 * again.
 */
const statuses = {
  running: 'InProgress',
  paused: 'InProgress',
  gated: 'InProgress',
  stopped: 'Failed',
  returned: 'Failed',
  done: 'Successful',
  cancelled: 'Cancelled',
} as const satisfies Readonly<Record<UpgradeStatus, UpdateStatus>>;

/** Reasons by their code; what is not here is `Unknown`. */
const errorCodes: readonly (readonly [RegExp, string])[] = [
  [/^k8s\.(pod-not-evicted|budget-allows)/, 'PodEvictionFailure'],
  [/^k8s\.(cluster-unreachable|host-unreachable|no-apiserver-ready)/, 'ClusterUnreachable'],
];
/** What keeps a node of a group from coming up. */
const nodeTrouble = /^k8s\.(members?|node|artefact)-/;

export interface UpdateParam {
  readonly type: string;
  readonly value: string;
}

/** An update as it is shown; `nodegroup` is null for one of the cluster itself. */
export function upgradeUpdate(upgrade: Upgrade, nodegroup: string | null): Json {
  const cancellation = cancellationOf(upgrade);
  return {
    id: upgrade.id,
    status: statuses[upgrade.status],
    type: typeOfUpgrade(upgrade),
    params: paramsOf(upgrade, nodegroup),
    createdAt: seconds(upgrade.createdAt),
    errors: statuses[upgrade.status] === 'Failed' ? [errorOf(upgrade.reason, nodegroup)] : [],
    ...(cancellation === null ? {} : { cancellation }),
  };
}

/** A change of configuration is done when it is stored: it has no other status once anybody asks. */
export function configUpdate(record: {
  readonly id: string;
  readonly type: string;
  readonly status: UpdateStatus;
  readonly params: readonly UpdateParam[];
  readonly createdAt: string;
}): Json {
  const { id, type, status, params, createdAt } = record;
  return { id, status, type, params, createdAt: seconds(createdAt), errors: [] };
}

export function typeOfUpgrade({ from, to }: Pick<Upgrade, 'from' | 'to'>): 'VersionUpdate' | 'VersionRollback' {
  return compareVersions(to.version, from.version) < 0 ? 'VersionRollback' : 'VersionUpdate';
}

function paramsOf({ to }: Upgrade, nodegroup: string | null): readonly UpdateParam[] {
  const version: UpdateParam = { type: 'Version', value: to.version };
  if (to.build === null) return [version];
  if (nodegroup === null) return [version, { type: 'PlatformVersion', value: to.build }];
  return [version, { type: 'ReleaseVersion', value: releaseVersion(to.version, to.build) }];
}

/** What a node group calls its build: this API has a text of its own for it. */
export function releaseVersion(version: string, build: string): string {
  return `${version}-${build}`;
}

function errorOf(reason: Reason | null, nodegroup: string | null): Json {
  const { code = '', subject = '', says = 'It is not known why.', clearedBy = '', evidence = [] } = reason ?? {};
  const usual = nodegroup !== null && nodeTrouble.test(code) ? 'NodeCreationFailure' : 'Unknown';
  return {
    errorCode: errorCodes.find(([pattern]) => pattern.test(code))?.[1] ?? usual,
    errorMessage: [`${says} ${clearedBy}`.trim(), ...evidence, ...(code === '' ? [] : [`(${code})`])].join('\n'),
    resourceIds: subject === '' ? [] : [subject],
  };
}

function cancellationOf({ intent, status, reason }: Upgrade): Json | null {
  if (status === 'cancelled') return { status: 'Successful', reason: reason?.says ?? 'It was asked for.' };
  if (intent !== 'cancel') return null;
  if (status === 'done') return { status: 'Failed', reason: 'The update was finished before it could be cancelled.' };
  if (status === 'returned' || status === 'stopped')
    return { status: 'Failed', reason: reason?.says ?? 'The update has failed.' };
  return { status: 'InProgress', reason: 'What is in hand is finished first.' };
}

/** Findings in sentences, for a refusal. */
export function sentences(findings: readonly Finding[], most: number): string {
  const told = findings.slice(0, most).map(({ check, says, remedy }) => `${says} ${remedy} (${check})`);
  const more = findings.length - told.length;
  return [...told, ...(more > 0 ? [`${more} more: call the EKS ListInsights API.`] : [])].join(' ');
}
