/**
 * Where each release stands in the picture of a catalog: to the right of everything that leads to it, in the lane of the
 * one that it follows, where that is free.
 */

export interface CatalogRelease {
  readonly version: string;
}

export interface CatalogEdge {
  readonly from: string;
  readonly to: string;
}

export interface Place {
  readonly version: string;
  readonly column: number;
  readonly lane: number;
}

export interface Layout {
  readonly places: readonly Place[];
  /** No way leads to them or on from them: they are named beside the picture. */
  readonly alone: readonly string[];
  readonly columns: number;
  readonly lanes: number;
  /** Ways on, drawn as lines. */
  readonly forward: readonly CatalogEdge[];
  /** Releases from which there is a way back to the one before, told by a mark: a second line would hide the first. */
  readonly back: readonly CatalogEdge[];
}

export function layoutOf(all: readonly CatalogRelease[], edges: readonly CatalogEdge[]): Layout {
  const isJoined = ({ version }: CatalogRelease) => edges.some(({ from, to }) => from === version || to === version);
  const releases = all.filter(isJoined);
  const order = new Map(releases.map(({ version }, index) => [version, index]));
  const known = edges.filter(({ from, to }) => order.has(from) && order.has(to));
  const isForward = ({ from, to }: CatalogEdge) => (order.get(from) ?? 0) < (order.get(to) ?? 0);
  const forward = known.filter(isForward);
  const columns = columnsOf(releases, forward);
  const lanes = lanesOf(releases, forward, columns);
  const places = releases.map(({ version }) => ({
    version,
    column: columns.get(version) ?? 0,
    lane: lanes.get(version) ?? 0,
  }));
  return {
    places,
    alone: all.filter((release) => !isJoined(release)).map(({ version }) => version),
    columns: Math.max(0, ...places.map(({ column }) => column + 1)),
    lanes: Math.max(0, ...places.map(({ lane }) => lane + 1)),
    forward,
    back: known.filter((edge) => !isForward(edge)),
  };
}

/**
 * Right of whatever leads to it, and then as near to what it leads to as that allows. Releases come oldest first, so that
 * whatever leads to one has its column already.
 */
function columnsOf(releases: readonly CatalogRelease[], forward: readonly CatalogEdge[]): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  for (const { version } of releases) {
    const before = forward.filter(({ to }) => to === version).map(({ from }) => columns.get(from) ?? 0);
    columns.set(version, Math.max(-1, ...before) + 1);
  }
  for (const { version } of [...releases].reverse()) {
    const after = forward.filter(({ from }) => from === version).map(({ to }) => columns.get(to) ?? 0);
    if (after.length > 0) columns.set(version, Math.min(...after) - 1);
  }
  return columns;
}

function lanesOf(
  releases: readonly CatalogRelease[],
  forward: readonly CatalogEdge[],
  columns: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const lanes = new Map<string, number>();
  const taken = new Set<string>();
  // The longest ways first: they are the main road, and keep their lane.
  const roads = roadsOf(releases, forward, columns);
  for (const road of roads) {
    const lane = firstFree(road, columns, taken);
    const [first, last] = [columns.get(road[0] ?? '') ?? 0, columns.get(road.at(-1) ?? '') ?? 0];
    for (let column = first; column <= last; column += 1) taken.add(`${column} ${lane}`);
    for (const version of road) lanes.set(version, lane);
  }
  return lanes;
}

function firstFree(road: readonly string[], columns: ReadonlyMap<string, number>, taken: ReadonlySet<string>): number {
  const [first, last] = [columns.get(road[0] ?? '') ?? 0, columns.get(road.at(-1) ?? '') ?? 0];
  for (let lane = 0; ; lane += 1) {
    const isFree = Array.from({ length: last - first + 1 }, (_, index) => first + index).every(
      (column) => !taken.has(`${column} ${lane}`),
    );
    if (isFree) return lane;
  }
}

/** Cuts the graph into ways of which each release is in exactly one. */
function roadsOf(
  releases: readonly CatalogRelease[],
  forward: readonly CatalogEdge[],
  columns: ReadonlyMap<string, number>,
): readonly (readonly string[])[] {
  const left = new Set(releases.map(({ version }) => version));
  const roads: string[][] = [];
  const newestFirst = [...releases]
    .reverse()
    .sort((one, other) => (columns.get(other.version) ?? 0) - (columns.get(one.version) ?? 0));
  for (const { version } of newestFirst) {
    if (!left.has(version)) continue;
    const road = [version];
    left.delete(version);
    for (let at: string | undefined = version; at !== undefined; ) {
      at = bestBefore(at, forward, columns, left);
      if (at === undefined) break;
      left.delete(at);
      road.unshift(at);
    }
    roads.push(road);
  }
  return roads.sort((one, other) => other.length - one.length);
}

function bestBefore(
  version: string,
  forward: readonly CatalogEdge[],
  columns: ReadonlyMap<string, number>,
  left: ReadonlySet<string>,
): string | undefined {
  return forward
    .filter(({ from, to }) => to === version && left.has(from))
    .map(({ from }) => from)
    .sort((one, other) => (columns.get(other) ?? 0) - (columns.get(one) ?? 0))[0];
}
