import { majorOf } from '../../../domain/index.ts';
import {
  flatten,
  isAtLeast,
  masterOf,
  runningSnapshots,
  type SimSnapshot,
  startSnapshot,
  touch,
  versionId,
} from '../world/index.ts';
import { type Answer, failure, flag, type Handler, illegalArgument, noMaster, ok, record } from './answer.ts';
import { resolveIndices } from './names.ts';

const waitMs = 30 * 60_000;

export const listRepositories: Handler = (_call, { cluster }) =>
  ok(Object.fromEntries([...cluster.repositories].map(([name, { type, settings }]) => [name, { type, settings }])));

/** A folder must lie below `path.repo` of every node, as the real thing verifies. */
export const putRepository: Handler = (call, { cluster, node }) => {
  const name = call.path[1] ?? '';
  const { type, settings } = record(call.body);
  const location = String(record(settings).location ?? '');
  const allowed = (node.settings['path.repo'] ?? '').split(',').filter((folder) => folder !== '');
  if (!allowed.some((folder) => location === folder || location.startsWith(`${folder}/`)))
    return repositoryRefused(name, `[${name}] location [${location}] doesn't match any of the locations specified by path.repo`);
  cluster.repositories.set(name, { type: String(type ?? 'fs'), settings: flatten(settings), snapshots: new Map() });
  return ok({ acknowledged: true });
};

export const snapshotStatus: Handler = (_call, { cluster }) =>
  ok({
    snapshots: runningSnapshots(cluster).map(({ repository, snapshot }) => ({
      snapshot: snapshot.name,
      repository,
      uuid: snapshot.uuid,
      state: 'STARTED',
    })),
  });

function repositoryRefused(name: string, because: string): Answer {
  const type = 'repository_exception';
  const root_cause = [{ type, reason: because }];
  const reason = `[${name}] failed to create repository`;
  return { status: 500, body: { error: { root_cause, type, reason, caused_by: root_cause[0] }, status: 500 } };
}

/** Orders and pages came with 7.14. */
const sortedSince = '7.14.0';
const sorting = ['after', 'offset', 'order', 'size', 'sort'];

export const listSnapshots: Handler = (call, { cluster, node }) => {
  const unknown = sorting.filter((name) => call.query[name] !== undefined).map((name) => `[${name}]`);
  if (unknown.length > 0 && !isAtLeast(node.release.version, sortedSince))
    return illegalArgument(
      `request [/${call.path.join('/')}] contains unrecognized parameter${unknown.length > 1 ? 's' : ''}: ${unknown.join(', ')}`,
    );
  const [, name = '', wanted = '_all'] = call.path;
  const repository = cluster.repositories.get(name);
  // For 7 one that is missing is a trouble of its own among those that were asked.
  if (repository === undefined && majorOf(node.release.version) === 7) return ok({ snapshots: [], failures: {} });
  if (repository === undefined) return failure(404, 'repository_missing_exception', `[${name}] missing`);
  const all = [...repository.snapshots.values()];
  const found = wanted === '_all' || wanted === '*' ? all : all.filter((snapshot) => wanted.split(',').includes(snapshot.name));
  if (found.length === 0 && wanted !== '_all' && wanted !== '*') return snapshotMissing(name, wanted);
  return ok({ snapshots: found.map(show) });
};

/** Several snapshots at once came with it. */
const severalAtOnceSince = '7.9.0';

/** One that runs is called off. */
export const deleteSnapshot: Handler = (call, { cluster, moment }) => {
  const [, name = '', snapshotName = ''] = call.path;
  const repository = cluster.repositories.get(name);
  if (repository === undefined) return failure(404, 'repository_missing_exception', `[${name}] missing`);
  if (!repository.snapshots.delete(snapshotName)) return snapshotMissing(name, snapshotName);
  touch(cluster, moment());
  return ok({ acknowledged: true });
};

export const createSnapshot: Handler = async (call, site): Promise<Answer> => {
  const [, name = '', snapshotName = ''] = call.path;
  const { cluster, world } = site;
  const master = masterOf(world, cluster);
  if (master === undefined) return noMaster();
  const { version } = master.release;
  const at = `[${name}:${snapshotName}]${isAtLeast(version, '5.6.0') ? ' ' : ''}`;
  const repository = cluster.repositories.get(name);
  if (repository === undefined) return failure(404, 'repository_missing_exception', `[${name}] missing`);
  if (repository.snapshots.has(snapshotName))
    return failure(
      400,
      majorOf(version) >= 8 ? 'snapshot_name_already_in_use_exception' : 'invalid_snapshot_name_exception',
      `${at}Invalid snapshot name [${snapshotName}], snapshot with the same name already exists`,
    );
  if (runningSnapshots(cluster).length > 0 && !isAtLeast(version, severalAtOnceSince)) {
    const says = `${at}${majorOf(version) >= 6 ? ' ' : ''}a snapshot is already running`;
    return failure(503, 'concurrent_snapshot_execution_exception', says);
  }
  const body = record(call.body);
  const expression = typeof body.indices === 'string' ? body.indices : undefined;
  const snapshot = startSnapshot(
    world,
    cluster,
    repository,
    {
      name: snapshotName,
      version: master.release.version,
      indices: resolveIndices(cluster, expression).indices.map((index) => index.name),
      includesGlobalState: body.include_global_state !== false,
      wallMs: site.nowWallMs(),
    },
    site.moment(),
  );
  if (!flag(call, 'wait_for_completion')) return ok({ accepted: true });
  await site.until(() => snapshot.state !== 'IN_PROGRESS', waitMs);
  return ok({ snapshot: show(snapshot) });
};

function snapshotMissing(repository: string, name: string): Answer {
  return failure(404, 'snapshot_missing_exception', `[${repository}:${name}] is missing`);
}

function show(snapshot: SimSnapshot) {
  const ended = snapshot.endedAtWallMs;
  const shards = snapshot.indices.length;
  return {
    snapshot: snapshot.name,
    uuid: snapshot.uuid,
    version_id: versionId(snapshot.version),
    version: snapshot.version,
    indices: snapshot.indices,
    ...(isAtLeast(snapshot.version, '6.2.0') ? { include_global_state: snapshot.includesGlobalState } : {}),
    state: snapshot.state,
    start_time: new Date(snapshot.startedAtWallMs).toISOString(),
    start_time_in_millis: snapshot.startedAtWallMs,
    end_time: new Date(ended ?? 0).toISOString(),
    end_time_in_millis: ended ?? 0,
    failures: [],
    shards: ended === null ? unfinished(snapshot) : { total: shards, failed: 0, successful: shards },
  };
}

/** While it runs nothing counts as successful; up to 6 nothing is counted at all. */
function unfinished({ version, indices }: SimSnapshot) {
  const total = majorOf(version) >= 7 ? indices.length : 0;
  return { total, failed: total, successful: 0 };
}
