import type { Cluster, EngineIo } from '../../../domain/index.ts';
import { flat, object } from './json.ts';
import { type Answer, ask } from './request.ts';

export interface ClusterSettings {
  readonly persistent: Readonly<Record<string, string>>;
  readonly transient: Readonly<Record<string, string>>;
}

export async function getClusterSettings(
  cluster: Cluster,
  io: EngineIo,
): Promise<ClusterSettings | Exclude<Answer, { kind: 'ok' }>> {
  const answer = await ask(cluster, io, { method: 'GET', path: '/_cluster/settings?flat_settings=true' });
  if (answer.kind !== 'ok') return answer;
  const body = object(answer.body);
  return { persistent: flat(body.persistent), transient: flat(body.transient) };
}

/** Values of null remove a setting. */
export function putClusterSettings(
  cluster: Cluster,
  io: EngineIo,
  changes: {
    readonly persistent: Readonly<Record<string, string | null>>;
    readonly transient: Readonly<Record<string, string | null>>;
  },
): Promise<Answer> {
  return ask(cluster, io, { method: 'PUT', path: '/_cluster/settings', body: changes, timeoutMs: 30_000 });
}
