/** Who stands where: zones (or kinds of member) by waves, with what has become of each. */
import type { PlannedHops, Taking } from './takings.ts';

export type MemberState = 'lifted' | 'in-hand' | 'once-more' | 'to-come' | 'troubled' | 'went-back' | 'left';

/** Every word for a state of a member, in one place; the icon says the same without its colour. */
export const stateWords: Readonly<Record<MemberState, string>> = {
  lifted: 'lifted',
  'in-hand': 'in hand',
  'once-more': 'once more to come',
  'to-come': 'to come',
  troubled: 'needs a person',
  'went-back': 'went back',
  left: 'not lifted',
};

export interface MapMember {
  readonly name: string;
  readonly state: MemberState;
}

export interface MapRow {
  /** The zone, or what kind of member they are where there are no zones. */
  readonly name: string;
  /** One cell for each wave. */
  readonly cells: readonly (readonly MapMember[])[];
}

export interface WaveColumn {
  /** Counted from 1. */
  readonly number: number;
  readonly state: 'done' | 'now' | 'to-come' | 'left';
}

export interface WaveMap {
  readonly rowsAre: 'zones' | 'kinds';
  readonly waves: readonly WaveColumn[];
  readonly rows: readonly MapRow[];
}

/** What is read of a cluster. */
export interface Placed {
  readonly nodes: readonly { readonly name: string; readonly zone: string | null; readonly roles: readonly string[] }[];
}

/** What is read of an upgrade; null for a plan that was not started. */
export interface Course {
  readonly status: string;
  readonly hop: number;
  readonly inHand: readonly string[];
}

export interface MapInput {
  readonly plan: PlannedHops;
  readonly hop: number;
  readonly cluster: Placed | null;
  readonly course: Course | null;
  readonly takings: readonly Taking[];
  /** Members that were seen to run the release of this hop already. */
  readonly arrived: ReadonlySet<string>;
}

export function waveMapOf(input: MapInput): WaveMap {
  const waves = input.plan.hops[input.hop]?.waves ?? [];
  const places = placesOf(input.cluster, waves.flat());
  const states = waves.map((wave, index) => wave.map((name) => ({ name, state: stateOf(input, waves, name, index) })));
  return {
    rowsAre: places.rowsAre,
    waves: states.map((wave, index) => ({ number: index + 1, state: waveState(wave) })),
    rows: places.rows.map((row) => ({
      name: row,
      cells: states.map((wave) => wave.filter(({ name }) => places.rowOf(name) === row)),
    })),
  };
}

function waveState(wave: readonly MapMember[]): WaveColumn['state'] {
  if (wave.some(({ state }) => state === 'in-hand' || state === 'troubled')) return 'now';
  if (wave.every(({ state }) => state === 'lifted' || state === 'once-more')) return 'done';
  return wave.some(({ state }) => state === 'to-come') ? 'to-come' : 'left';
}

function placesOf(cluster: Placed | null, names: readonly string[]) {
  const nodes = new Map((cluster?.nodes ?? []).map((node) => [node.name, node]));
  const hasZones = names.some((name) => (nodes.get(name)?.zone ?? null) !== null);
  const rowOf = (name: string): string => {
    const node = nodes.get(name);
    if (hasZones) return node?.zone ?? 'no zone';
    return isOneKind(nodes, names) ? 'all' : (node?.roles[0] ?? 'other');
  };
  const rows = [...new Set(names.map(rowOf))];
  return { rowsAre: hasZones ? 'zones' : 'kinds', rowOf, rows: hasZones ? rows.sort() : rows } as const;
}

type Nodes = ReadonlyMap<string, Placed['nodes'][number]>;

/** The members of Kubernetes are of several kinds; those of Elasticsearch have several roles each and are one kind. */
function isOneKind(nodes: Nodes, names: readonly string[]): boolean {
  return names.every((name) => (nodes.get(name)?.roles.length ?? 0) !== 1);
}

/** A member that is taken twice in a hop is looked at once for each of its waves. */
function stateOf(input: MapInput, waves: readonly (readonly string[])[], name: string, wave: number): MemberState {
  const { course, hop } = input;
  if (course === null) return 'to-come';
  const turn = waves.slice(0, wave).filter((each) => each.includes(name)).length;
  const turns = waves.filter((each) => each.includes(name)).length;
  const times = input.takings.filter((one) => one.hop === hop && one.members.includes(name)).length;
  if (course.status === 'returned') return times > turn ? 'went-back' : 'left';
  if (course.status === 'done' || hop < course.hop) return 'lifted';
  if (hop === course.hop && course.inHand.includes(name) && turn === Math.max(0, Math.min(times, turns) - 1))
    return course.status === 'stopped' ? 'troubled' : 'in-hand';
  const isThere = times > turn || (times === 0 && turns === 1 && hop === course.hop && input.arrived.has(name));
  if (isThere) return turn + 1 < turns ? 'once-more' : 'lifted';
  return course.status === 'cancelled' ? 'left' : 'to-come';
}

/** How many takings there are in all, and how many are over. */
export function progressOf(maps: readonly WaveMap[]): { readonly over: number; readonly of: number } {
  const members = maps.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.flat()));
  return { over: members.filter(({ state }) => state === 'lifted' || state === 'once-more').length, of: members.length };
}
