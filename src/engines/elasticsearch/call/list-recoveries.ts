import type { ElasticsearchCluster, EngineCallResult, EngineIo } from '../../../domain/index.ts';
import { array, ask, number, object, text, trouble } from '../client/index.ts';

/** One copy of a shard on its way to a node, or arrived there. */
export interface ShardRecovery {
  readonly index: string;
  readonly shard: number;
  readonly type: string;
  readonly stage: string;
  readonly primary: boolean;
  readonly source: { readonly name: string; readonly host: string } | null;
  readonly target: { readonly name: string; readonly host: string };
  readonly startTimeMs: number | null;
  readonly totalTimeMs: number;
  readonly bytes: { readonly total: number; readonly recovered: number };
  readonly files: { readonly total: number; readonly recovered: number };
  readonly translogOps: { readonly total: number; readonly recovered: number };
}

export async function listRecoveries(
  cluster: ElasticsearchCluster,
  activeOnly: boolean,
  io: EngineIo,
): Promise<EngineCallResult> {
  const answer = await ask(cluster, io, { method: 'GET', path: `/_recovery?active_only=${activeOnly}` });
  if (answer.kind !== 'ok') return { kind: 'refused', because: trouble(answer) };
  const value = Object.entries(object(answer.body)).flatMap(([index, shards]) =>
    array(object(shards).shards).map((shard) => recoveryOf(index, shard)),
  );
  return { kind: 'done', value };
}

function recoveryOf(index: string, value: unknown): ShardRecovery {
  const shard = object(value);
  const source = object(shard.source);
  const target = object(shard.target);
  const sizes = object(object(shard.index).size);
  const files = object(object(shard.index).files);
  const translog = object(shard.translog);
  return {
    index,
    shard: number(shard.id) ?? 0,
    type: text(shard.type) ?? '',
    stage: text(shard.stage) ?? '',
    primary: shard.primary === true,
    source: text(source.name) === null ? null : { name: text(source.name) ?? '', host: text(source.host) ?? '' },
    target: { name: text(target.name) ?? '', host: text(target.host) ?? '' },
    startTimeMs: number(shard.start_time_in_millis),
    totalTimeMs: number(shard.total_time_in_millis) ?? 0,
    bytes: { total: number(sizes.total_in_bytes) ?? 0, recovered: number(sizes.recovered_in_bytes) ?? 0 },
    files: { total: number(files.total) ?? 0, recovered: number(files.recovered) ?? 0 },
    translogOps: { total: number(translog.total) ?? 0, recovered: number(translog.recovered) ?? 0 },
  };
}
