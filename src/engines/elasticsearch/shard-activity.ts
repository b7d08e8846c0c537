import type { SeenElasticsearch } from '../../domain/index.ts';

/** What shards are doing now, as a sentence: `2 shard copies are being made, 1 is moving.` */
export function shardActivity({ initializing, relocating, inFlightFetch }: SeenElasticsearch['health']): string {
  const parts = (
    [
      [initializing, 'being made'],
      [relocating, 'moving'],
      [inFlightFetch, 'being looked for on disks'],
    ] as const
  ).filter(([count]) => count > 0);
  if (parts.length === 0) return 'No shard copy is being made or moved.';
  const said = parts.map(([count, doing], position) => {
    const what = position > 0 ? '' : count === 1 ? ' shard copy' : ' shard copies';
    return `${count}${what} ${count === 1 ? 'is' : 'are'} ${doing}`;
  });
  return `${said.join(', ')}.`;
}
