import type { Rehearsal } from '../../api/index.ts';
import { durationText } from '../../components/index.ts';

/** What the twin had least of, and for how long: apiservers of a control plane, copies of a shard of Elasticsearch. */
export function fewestOf({ plane, thinnest }: Pick<Rehearsal, 'plane' | 'thinnest'>): readonly [term: string, says: string] {
  if (plane !== null) {
    const { fewestReady } = plane;
    if (fewestReady === null) return ['Fewest apiservers', 'as many as should be, all the time'];
    const { ready, of, forMs } = fewestReady;
    return ['Fewest apiservers', `${ready} of ${of} ready, for ${durationText(forMs)}`];
  }
  if (thinnest === null) return ['Fewest copies', 'every shard keeps all of its copies'];
  const { started, of, shards, forMs } = thinnest;
  return ['Fewest copies', `${started} of ${of} of ${shards === 1 ? '1 shard' : `${shards} shards`}, for ${durationText(forMs)}`];
}
