import { may, mayNot } from '../../../domain/index.ts';
import { shardActivity } from '../shard-activity.ts';
import type { Guard } from './guard.ts';

/** Nothing may start, stop or move while shards do: the count of copies would be of a moment that has passed. */
export const noShardMoves: Guard = {
  id: 'es.no-shard-moves',
  judge: ({ seen }) => {
    const { health } = seen;
    if (health.initializing + health.relocating + health.inFlightFetch === 0) return may;
    return mayNot('es.no-shard-moves', 'cluster', shardActivity(health), 'The recoveries in hand finished.');
  },
};
