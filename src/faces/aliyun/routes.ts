import type { Call, Operation } from './call.ts';
import type { ApiError } from './errors.ts';
import { createInstance } from './operations/create-instance.ts';
import {
  cancelDeletion,
  deleteInstance,
  describeInstance,
  listInstance,
  updateDescription,
  upgradeInfo,
} from './operations/instances.ts';
import { listActionRecords } from './operations/list-action-records.ts';
import { describeHealth, listAllNode, listPlugins, listShardRecoveries } from './operations/looking.ts';
import { createSnapshot, listSnapshotRepos } from './operations/snapshots.ts';
import {
  instancesInBody,
  instancesInQuery,
  listedInstances,
  listTagResources,
  tagResources,
  untagResources,
} from './operations/tags.ts';
import { continueEsVersionUpgrade, interruptTask, resumeTask } from './operations/tasks.ts';
import { upgradeEngineVersion } from './operations/upgrade-engine-version.ts';

export interface Route {
  readonly method: string;
  /** Below `/openapi`; `{name}` stands for one segment. */
  readonly path: string;
  /** The operation's name at Alibaba Cloud. */
  readonly name: string;
  /** Which instances it is done to, where its path does not say it. */
  readonly instances?: (call: Call) => readonly string[] | ApiError;
  readonly run: Operation;
}

const instance = '/instances/{InstanceId}';

/** Requests are told apart by method and path alone: not every client names its operation. */
export const routes: readonly Route[] = [
  { method: 'POST', path: `${instance}/actions/upgrade-version`, name: 'UpgradeEngineVersion', run: upgradeEngineVersion },
  { method: 'GET', path: `${instance}/upgradeInfo`, name: 'UpgradeInfo', run: upgradeInfo },
  { method: 'POST', path: `${instance}/actions/interrupt`, name: 'InterruptElasticsearchTask', run: interruptTask },
  { method: 'POST', path: `${instance}/actions/resume`, name: 'ResumeElasticsearchTask', run: resumeTask },
  {
    method: 'POST',
    path: `${instance}/actions/continueEsVersionUpgrade`,
    name: 'ContinueEsVersionUpgrade',
    run: continueEsVersionUpgrade,
  },
  { method: 'GET', path: `${instance}/action-records`, name: 'ListActionRecords', run: listActionRecords },
  { method: 'GET', path: '/instances', name: 'ListInstance', run: listInstance },
  { method: 'POST', path: '/instances', name: 'createInstance', run: createInstance },
  { method: 'GET', path: instance, name: 'DescribeInstance', run: describeInstance },
  { method: 'DELETE', path: instance, name: 'DeleteInstance', run: deleteInstance },
  { method: 'POST', path: `${instance}/actions/cancel-deletion`, name: 'CancelDeletion', run: cancelDeletion },
  { method: 'POST', path: `${instance}/description`, name: 'UpdateDescription', run: updateDescription },
  { method: 'POST', path: `${instance}/snapshots`, name: 'CreateSnapshot', run: createSnapshot },
  { method: 'GET', path: `${instance}/snapshot-repos`, name: 'ListSnapshotReposByInstanceId', run: listSnapshotRepos },
  { method: 'GET', path: `${instance}/elasticsearch-health`, name: 'DescribeElasticsearchHealth', run: describeHealth },
  { method: 'GET', path: `${instance}/nodes`, name: 'ListAllNode', run: listAllNode },
  { method: 'GET', path: `${instance}/cat-recovery`, name: 'ListShardRecoveries', run: listShardRecoveries },
  { method: 'GET', path: `${instance}/plugins`, name: 'ListPlugins', run: listPlugins },
  { method: 'POST', path: '/tags', name: 'TagResources', instances: instancesInBody, run: tagResources },
  { method: 'DELETE', path: '/tags', name: 'UntagResources', instances: instancesInQuery, run: untagResources },
  { method: 'GET', path: '/tags', name: 'ListTagResources', instances: listedInstances, run: listTagResources },
];

export interface FoundRoute {
  readonly route: Route;
  readonly names: Readonly<Record<string, string>>;
}

/** The route of a path as sent, without its query; undefined where there is none. A broken escape fits nothing. */
export function findOperation(method: string, path: string): FoundRoute | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  for (const route of routes) {
    if (route.method !== method) continue;
    const names = namesOf(route.path, segments);
    if (names !== null) return { route, names };
  }
  return undefined;
}

function namesOf(pattern: string, segments: readonly string[]): Record<string, string> | null {
  const parts = pattern.split('/').filter((part) => part !== '');
  if (parts.length !== segments.length) return null;
  const names: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const decoded = decodeSegment(segments[index] ?? '');
    if (decoded === null) return null;
    if (part.startsWith('{')) names[part.slice(1, -1)] = decoded;
    else if (part !== decoded) return null;
  }
  return names;
}

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
