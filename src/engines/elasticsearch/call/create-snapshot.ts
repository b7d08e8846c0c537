import type { ElasticsearchCluster, EngineCallResult, EngineIo } from '../../../domain/index.ts';
import { type Answer, ask, object, text, trouble } from '../client/index.ts';

/** The repository made where a cluster has none and its settings allow a folder (`path.repo`). */
const ownRepository = 'clusterlift';
/** A snapshot of a large cluster takes long; whoever asks can ask the cluster itself after this time. */
const snapshotTimeoutMs = 30 * 60_000;

/** A snapshot of every index with the global state; answers when it has ended. A partial one is refused, and says so. */
export async function createSnapshot(
  cluster: ElasticsearchCluster,
  wanted: string | null,
  io: EngineIo,
): Promise<EngineCallResult> {
  const repository = await repositoryFor(cluster, wanted, io);
  if ('because' in repository) return { kind: 'refused', because: repository.because };
  const name = `snapshot-${io
    .now()
    .toLowerCase()
    .replaceAll(/[^0-9]/g, '')}`;
  const path = `/_snapshot/${encodeURIComponent(repository.name)}/${name}?wait_for_completion=true`;
  const answer = await ask(cluster, io, {
    method: 'PUT',
    path,
    body: { include_global_state: true },
    timeoutMs: snapshotTimeoutMs,
  });
  if (answer.kind !== 'ok') return { kind: 'refused', because: trouble(answer) };
  const state = text(object(object(answer.body).snapshot).state) ?? 'unknown';
  if (state !== 'SUCCESS') return { kind: 'refused', because: `Snapshot ${name} in ${repository.name} ended as ${state}.` };
  return { kind: 'done', value: { repository: repository.name, snapshot: name, state } };
}

async function repositoryFor(
  cluster: ElasticsearchCluster,
  wanted: string | null,
  io: EngineIo,
): Promise<{ readonly name: string } | { readonly because: string }> {
  const listed = await ask(cluster, io, { method: 'GET', path: '/_snapshot' });
  if (listed.kind !== 'ok') return { because: trouble(listed) };
  const there = Object.keys(object(listed.body));
  if (wanted !== null)
    return there.includes(wanted) ? { name: wanted } : { because: `There is no snapshot repository ${wanted}.` };
  const writable = there.filter((name) => isWritable(object(listed.body)[name]));
  const name = writable.includes(ownRepository) ? ownRepository : writable[0];
  if (name !== undefined) return { name };
  const made = await makeRepository(cluster, io);
  return made === null || made.kind === 'ok'
    ? made === null
      ? { because: 'The cluster has no snapshot repository that can be written, and no folder for one (path.repo) is declared.' }
      : { name: ownRepository }
    : { because: trouble(made) };
}

/** Repositories of other clusters are registered for reading only. */
function isWritable(repository: unknown): boolean {
  const { type, settings } = object(repository);
  return type !== 'url' && !['true', true].includes(object(settings).readonly as string | boolean);
}

async function makeRepository(cluster: ElasticsearchCluster, io: EngineIo): Promise<Answer | null> {
  const location = cluster.spec.repositoryPath;
  if (location === null) return null;
  return ask(cluster, io, {
    method: 'PUT',
    path: `/_snapshot/${ownRepository}`,
    body: { type: 'fs', settings: { location } },
    timeoutMs: 30_000,
  });
}
