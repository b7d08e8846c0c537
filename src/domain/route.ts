import { type Catalog, catalogRelease, defaultRelease, type Edge } from './catalog.ts';
import { compareVersions, type Release, sameRelease } from './release.ts';

/** One edge of a route, between releases. A change of build alone is a hop with equal versions. */
export interface Hop {
  readonly from: Release;
  readonly to: Release;
  readonly mode: Edge['mode'];
  readonly requires: readonly string[];
  readonly oneWayDoors: readonly string[];
  readonly doorsPassedBy?: 'each-member' | 'last-member';
  /** The way back to the version before. */
  readonly back?: true;
  /** Only the nodes of this group are lifted; absent: the cluster itself. */
  readonly nodegroup?: string;
}

export type Route = readonly Hop[];

export type RouteResult =
  | { readonly kind: 'route'; readonly hops: Route }
  | { readonly kind: 'already-there' }
  | { readonly kind: 'downgrade' }
  | { readonly kind: 'unknown-version'; readonly version: string }
  | { readonly kind: 'unknown-build'; readonly version: string; readonly build: string }
  | { readonly kind: 'no-path'; readonly reachable: readonly string[] };

/** The edges that lead on from `version`, nearest target first. */
export function edgesFrom(catalog: Catalog, version: string): readonly Edge[] {
  return catalog.edges
    .filter((edge) => edge.from === version && edge.back !== true)
    .slice()
    .sort((a, b) => compareVersions(a.to, b.to));
}

/**
 * The way with the fewest hops from one release to another (breadth first over the edges; among equals the one that
 * reaches newer versions later). A target build is taken on the last hop; earlier hops run the default build. An older
 * version is reached by an edge back only, and by one at a time.
 */
export function findRoute(catalog: Catalog, from: Release, to: Release): RouteResult {
  const target = catalogRelease(catalog, to.version);
  if (target === undefined) return { kind: 'unknown-version', version: to.version };
  if (to.build !== null && !target.builds.some((build) => build.id === to.build)) {
    return { kind: 'unknown-build', version: to.version, build: to.build };
  }
  const wanted = to.build === null ? defaultRelease(catalog, to.version) : to;
  if (sameRelease(from, wanted) || sameRelease(from, to)) return { kind: 'already-there' };
  if (from.version === to.version) {
    return { kind: 'route', hops: [{ from, to: wanted, mode: 'rolling', requires: [], oneWayDoors: [] }] };
  }
  if (compareVersions(to.version, from.version) < 0) {
    const back = catalog.edges.find((edge) => edge.back === true && edge.from === from.version && edge.to === to.version);
    return back === undefined ? { kind: 'downgrade' } : { kind: 'route', hops: [hopOf(back, from, wanted)] };
  }
  const cameBy = searchEdges(catalog, from.version);
  if (!cameBy.has(to.version)) {
    return { kind: 'no-path', reachable: [...cameBy.keys()].sort(compareVersions) };
  }
  return { kind: 'route', hops: hopsBack(catalog, cameBy, from, wanted) };
}

function searchEdges(catalog: Catalog, start: string): Map<string, Edge> {
  const cameBy = new Map<string, Edge>();
  const queue = [start];
  for (let version = queue.shift(); version !== undefined; version = queue.shift()) {
    for (const edge of edgesFrom(catalog, version)) {
      if (edge.to === start || cameBy.has(edge.to)) continue;
      cameBy.set(edge.to, edge);
      queue.push(edge.to);
    }
  }
  return cameBy;
}

function hopsBack(catalog: Catalog, cameBy: ReadonlyMap<string, Edge>, from: Release, to: Release): Route {
  const hops: Hop[] = [];
  let version = to.version;
  while (version !== from.version) {
    const edge = cameBy.get(version);
    if (edge === undefined) throw new Error(`no edge leads to ${version}`);
    const start = edge.from === from.version ? from : defaultRelease(catalog, edge.from);
    hops.unshift(hopOf(edge, start, version === to.version ? to : defaultRelease(catalog, version)));
    version = edge.from;
  }
  return hops;
}

function hopOf(edge: Edge, from: Release, to: Release): Hop {
  return {
    from,
    to,
    mode: edge.mode,
    requires: edge.requires,
    oneWayDoors: edge.oneWayDoors,
    ...(edge.doorsPassedBy === undefined ? {} : { doorsPassedBy: edge.doorsPassedBy }),
    ...(edge.back === undefined ? {} : { back: edge.back }),
  };
}
