import type { Cluster, EngineIo, Known, SeenSnapshot } from '../../../domain/index.ts';
import { array, ask, number, object, text, trouble } from '../client/index.ts';

export interface SeenSnapshots {
  readonly repositories: Known<readonly string[]>;
  readonly snapshots: Known<readonly SeenSnapshot[]>;
  readonly snapshotRunning: Known<boolean>;
}

/** Repositories and what lies in them. One repository that cannot be read makes the list unknown: it may hold the newest. */
export async function lookAtSnapshots(cluster: Cluster, io: EngineIo): Promise<SeenSnapshots> {
  const [listed, status] = await Promise.all([
    ask(cluster, io, { method: 'GET', path: '/_snapshot' }),
    ask(cluster, io, { method: 'GET', path: '/_snapshot/_status' }),
  ]);
  const snapshotRunning: Known<boolean> =
    status.kind === 'ok'
      ? { known: true, value: array(object(status.body).snapshots).length > 0 }
      : { known: false, because: trouble(status), absent: false };
  if (listed.kind !== 'ok') {
    const unknown = { known: false, because: trouble(listed), absent: false } as const;
    return { repositories: unknown, snapshots: unknown, snapshotRunning };
  }
  const repositories = Object.keys(object(listed.body));
  const found = await Promise.all(repositories.map((repository) => snapshotsIn(repository, cluster, io)));
  const failed = found.find((known) => !known.known);
  const snapshots: Known<readonly SeenSnapshot[]> = failed ?? {
    known: true,
    value: found.flatMap((known) => (known.known ? known.value : [])),
  };
  return { repositories: { known: true, value: repositories }, snapshots, snapshotRunning };
}

async function snapshotsIn(repository: string, cluster: Cluster, io: EngineIo): Promise<Known<readonly SeenSnapshot[]>> {
  const answer = await ask(cluster, io, { method: 'GET', path: `/_snapshot/${encodeURIComponent(repository)}/_all` });
  if (answer.kind !== 'ok') return { known: false, because: `repository ${repository}: ${trouble(answer)}`, absent: false };
  const value = array(object(answer.body).snapshots).map((item) => {
    const snapshot = object(item);
    return {
      repository,
      name: text(snapshot.snapshot) ?? '',
      state: text(snapshot.state) ?? '',
      endedAtMs: number(snapshot.end_time_in_millis),
      includesGlobalState: typeof snapshot.include_global_state === 'boolean' ? snapshot.include_global_state : null,
    };
  });
  return { known: true, value };
}
