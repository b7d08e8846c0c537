import type { ActResult, ElasticsearchCluster, EngineIo } from '../../../domain/index.ts';
import { flush, putClusterSettings, trouble } from '../client/index.ts';
import { type SettingChanges, split } from '../decide/allocation.ts';
import { done, failed, type Perform } from './move.ts';

/** Holds replica allocation and rebalancing, then flushes. A flush that does not succeed costs time only. */
export const freeze: Perform = async (move, context, io) => {
  const result = await change(move.parameters, context.cluster, io);
  if (result.kind !== 'done') return result;
  const flushed = await flush(context.cluster, io, context.plan?.hops[context.ledger.hop]?.hop.from.version ?? '5.0.0');
  return done(
    `${result.says} ${flushed.kind === 'ok' ? 'Flushed.' : 'The flush did not succeed for every shard, which is normal under writes.'}`,
  );
};

/** Puts the owner's values back. */
export const thaw: Perform = (move, context, io) => change(move.parameters, context.cluster, io);

async function change(changes: SettingChanges, cluster: ElasticsearchCluster, io: EngineIo): Promise<ActResult> {
  const persistent: Record<string, string | null> = {};
  const transient: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(changes)) {
    const { level, name } = split(key);
    (level === 'transient' ? transient : persistent)[name] = value;
  }
  const answer = await putClusterSettings(cluster, io, { persistent, transient });
  if (answer.kind === 'ok')
    return done(
      `${Object.entries(changes)
        .map(([key, value]) => `${key} = ${value ?? '(removed)'}`)
        .join(', ')}.`,
    );
  if (!trouble(answer).includes('archived.')) return failed(`The cluster did not take its settings: ${trouble(answer)}`);
  // Settings that a new version no longer knows are kept as archived.* and make every later change fail.
  const both = { persistent: { ...persistent, 'archived.*': null }, transient: { ...transient, 'archived.*': null } };
  const again = await putClusterSettings(cluster, io, both);
  return again.kind === 'ok'
    ? done('Archived settings were in the way and have been removed.')
    : failed(`The cluster did not take its settings: ${trouble(again)}`);
}
