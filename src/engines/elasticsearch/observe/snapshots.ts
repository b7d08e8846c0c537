import {
  compareVersions,
  type ElasticsearchCluster,
  type EngineIo,
  type Known,
  type SeenSnapshot,
} from '../../../domain/index.ts';
import { Repositories, reader, SnapshotStatus, Snapshots } from './answers.ts';
import { known, mustHave, probe } from './known.ts';

export interface SeenSnapshots {
  readonly repositories: Known<readonly string[]>;
  readonly snapshots: Known<readonly SeenSnapshot[]>;
  readonly snapshotRunning: Known<boolean>;
}

/** From here on a repository tells its newest snapshots alone, where one with thousands would take long to tell all. */
const sortsSince = '7.14.0';
const newestOnly = '?sort=start_time&order=desc&size=50';

const readRepositories = reader('the list of snapshot repositories', Repositories);
const readStatus = reader('the list of running snapshots', SnapshotStatus);
const readSnapshots = reader('the list of snapshots', Snapshots);

/** Repositories and what lies in them. One repository that cannot be read makes the list unknown: it may hold the newest. */
export async function lookAtSnapshots(
  cluster: ElasticsearchCluster,
  io: EngineIo,
  lowestVersion: string,
): Promise<SeenSnapshots> {
  const [listed, status] = await Promise.all([probe(cluster, io, '/_snapshot'), probe(cluster, io, '/_snapshot/_status')]);
  const snapshotRunning = mustHave(readStatus(status), (body) => body.snapshots.length > 0);
  const repositories = mustHave(readRepositories(listed), (body) => Object.keys(body));
  if (!repositories.known) return { repositories, snapshots: repositories, snapshotRunning };
  const found = await Promise.all(repositories.value.map((repository) => snapshotsIn(repository, cluster, io, lowestVersion)));
  const unread = found.find((snapshots) => !snapshots.known);
  const snapshots = unread ?? known(found.flatMap((each) => (each.known ? each.value : [])));
  return { repositories, snapshots, snapshotRunning };
}

async function snapshotsIn(
  repository: string,
  cluster: ElasticsearchCluster,
  io: EngineIo,
  lowestVersion: string,
): Promise<Known<readonly SeenSnapshot[]>> {
  const newest = compareVersions(lowestVersion, sortsSince) >= 0 ? newestOnly : '';
  const answer = await probe(cluster, io, `/_snapshot/${encodeURIComponent(repository)}/_all${newest}`);
  const snapshots = mustHave(readSnapshots(answer), (body) =>
    body.snapshots.map((snapshot) => ({
      repository,
      name: snapshot.snapshot,
      state: snapshot.state ?? '',
      endedAtMs: snapshot.end_time_in_millis ?? null,
      includesGlobalState: snapshot.include_global_state ?? null,
    })),
  );
  return snapshots.known ? snapshots : { ...snapshots, because: `repository ${repository}: ${snapshots.because}` };
}
