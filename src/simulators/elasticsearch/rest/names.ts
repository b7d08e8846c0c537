import type { SimCluster, SimIndex } from '../world/index.ts';

/** Indices that an expression means: names, aliases, `*`, `_all`, lists, `-` in front takes away. `missing` names none. */
export function resolveIndices(
  cluster: SimCluster,
  expression: string | undefined,
): { readonly indices: readonly SimIndex[]; readonly missing: string | null } {
  const all = [...cluster.indices.values()];
  if (expression === undefined || expression === '' || expression === '_all' || expression === '*')
    return { indices: all, missing: null };
  const found = new Set<SimIndex>();
  for (const part of expression.split(',')) {
    const away = part.startsWith('-');
    const pattern = away ? part.slice(1) : part;
    const hits = all.filter((index) => named(index, pattern));
    if (hits.length === 0 && !pattern.includes('*')) return { indices: [], missing: pattern };
    for (const index of hits) {
      if (away) found.delete(index);
      else found.add(index);
    }
  }
  return { indices: [...found], missing: null };
}

function named(index: SimIndex, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`);
  return expression.test(index.name) || [...index.aliases.keys()].some((alias) => expression.test(alias));
}
