import { masterOf, runningSnapshots, type SimSnapshot, startSnapshot } from '../world/index.ts';
import { type Answer, failure, flag, type Handler, noMaster, ok, record } from './answer.ts';
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
    return failure(
      500,
      'repository_exception',
      `[${name}] location [${location}] doesn't match any of the locations specified by path.repo`,
    );
  cluster.repositories.set(name, { type: String(type ?? 'fs'), settings: { location }, snapshots: new Map() });
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

export const listSnapshots: Handler = (call, { cluster }) => {
  const [, name = '', wanted = '_all'] = call.path;
  const repository = cluster.repositories.get(name);
  if (repository === undefined) return failure(404, 'repository_missing_exception', `[${name}] missing`);
  const all = [...repository.snapshots.values()];
  const found = wanted === '_all' || wanted === '*' ? all : all.filter((snapshot) => wanted.split(',').includes(snapshot.name));
  if (found.length === 0 && wanted !== '_all' && wanted !== '*')
    return failure(404, 'snapshot_missing_exception', `[${name}:${wanted}] is missing`);
  return ok({ snapshots: found.map(show) });
};

export const createSnapshot: Handler = async (call, site): Promise<Answer> => {
  const [, name = '', snapshotName = ''] = call.path;
  const { cluster, world } = site;
  const master = masterOf(world, cluster);
  if (master === undefined) return noMaster();
  const repository = cluster.repositories.get(name);
  if (repository === undefined) return failure(404, 'repository_missing_exception', `[${name}] missing`);
  if (repository.snapshots.has(snapshotName))
    return failure(
      400,
      'invalid_snapshot_name_exception',
      `[${name}:${snapshotName}] Invalid snapshot name [${snapshotName}], snapshot with the same name already exists`,
    );
  if (runningSnapshots(cluster).length > 0)
    return failure(503, 'concurrent_snapshot_execution_exception', `[${name}:${snapshotName}] a snapshot is already running`);
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

function show(snapshot: SimSnapshot) {
  const ended = snapshot.endedAtWallMs;
  return {
    snapshot: snapshot.name,
    uuid: snapshot.uuid,
    version: snapshot.version,
    indices: snapshot.indices,
    include_global_state: snapshot.includesGlobalState,
    state: snapshot.state,
    start_time: new Date(snapshot.startedAtWallMs).toISOString(),
    start_time_in_millis: snapshot.startedAtWallMs,
    ...(ended === null ? {} : { end_time: new Date(ended).toISOString(), end_time_in_millis: ended }),
    failures: [],
    shards: { total: snapshot.indices.length, failed: 0, successful: ended === null ? 0 : snapshot.indices.length },
  };
}
