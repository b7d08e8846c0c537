import type { ElasticsearchCluster, EngineCallResult, EngineIo } from '../../../domain/index.ts';
import { ask, object, text, trouble } from '../client/index.ts';

/** `{ name, type }` of every snapshot repository. Their settings stay out: they may hold credentials. */
export async function listRepositories(cluster: ElasticsearchCluster, io: EngineIo): Promise<EngineCallResult> {
  const answer = await ask(cluster, io, { method: 'GET', path: '/_snapshot' });
  if (answer.kind !== 'ok') return { kind: 'refused', because: trouble(answer) };
  const value = Object.entries(object(answer.body)).map(([name, repository]) => ({
    name,
    type: text(object(repository).type) ?? '',
  }));
  return { kind: 'done', value };
}
