/** Where a cluster can be lifted to: everything that a way of the catalog leads to, and how many hops that takes. */

interface Catalog {
  readonly releases: readonly { readonly version: string; readonly builds: readonly string[] }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

export interface Target {
  readonly version: string;
  readonly builds: readonly string[];
  readonly hops: number;
  /** It lies before what the cluster runs. */
  readonly isBack: boolean;
}

/** The newest first; ways back last, of which only one hop is offered. */
export function targetsOf({ releases, edges }: Catalog, from: string): readonly Target[] {
  const order = new Map(releases.map(({ version }, index) => [version, index]));
  const place = (version: string) => order.get(version) ?? -1;
  const hops = new Map([[from, 0]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const edge of edges) {
      if (edge.from !== at || hops.has(edge.to)) continue;
      const isBack = place(edge.to) < place(edge.from);
      if (isBack && at !== from) continue;
      hops.set(edge.to, (hops.get(at) ?? 0) + 1);
      if (!isBack) queue.push(edge.to);
    }
  }
  return releases
    .filter(({ version }) => (hops.get(version) ?? 0) > 0)
    .map(({ version, builds }) => ({ version, builds, hops: hops.get(version) ?? 0, isBack: place(version) < place(from) }))
    .sort((one, other) => Number(one.isBack) - Number(other.isBack) || place(other.version) - place(one.version));
}
