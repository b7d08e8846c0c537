/** Where a cluster can be lifted to: the releases that the catalog leads upwards to, the nearest first. */
import type { Release, ReleaseList } from '../../api/types.ts';

export interface Target {
  readonly version: string;
  /** Left to the server where it is undefined. */
  readonly build: string | null | undefined;
  readonly hops: number;
}

const versions = new Intl.Collator('en', { numeric: true });

export function targetsOf(from: Release, { engine, releases, edges }: ReleaseList): readonly Target[] {
  const hopsTo = new Map<string, number>([[from.version, 0]]);
  const waiting = [from.version];
  for (let here = waiting.shift(); here !== undefined; here = waiting.shift()) {
    const hops = (hopsTo.get(here) ?? 0) + 1;
    for (const edge of edges) {
      // An edge downwards is the way back, which is a rollback and no target.
      if (edge.from !== here || hopsTo.has(edge.to) || versions.compare(edge.to, edge.from) < 0) continue;
      hopsTo.set(edge.to, hops);
      waiting.push(edge.to);
    }
  }
  hopsTo.delete(from.version);
  const buildsOf = new Map(releases.map(({ version, builds }) => [version, builds]));
  const build = (version: string): Target['build'] => {
    if (engine === 'kubernetes') return undefined;
    return from.build === null ? null : (buildsOf.get(version)?.at(-1) ?? null);
  };
  return [...hopsTo]
    .map(([version, hops]) => ({ version, hops, build: build(version) }))
    .sort((a, b) => a.hops - b.hops || versions.compare(a.version, b.version));
}
