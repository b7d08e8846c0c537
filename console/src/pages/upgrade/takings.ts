/**
 * What was taken, when, and when it was back: read from the events, because waves are only expected in a plan and chosen
 * afresh while it runs.
 */

/** What is read of a plan. */
export interface PlannedHops {
  readonly hops: readonly { readonly waves: readonly (readonly string[])[] }[];
}

/** What is read of an event. */
export interface HappenedEvent {
  readonly seq: number;
  readonly at: string;
  readonly kind: string;
  readonly move: string | null;
  readonly members: readonly string[];
}

/** Members that were taken together. */
export interface Taking {
  readonly hop: number;
  readonly members: readonly string[];
  readonly beganAt: string;
  /** The loop has gone on to something else; null while they are away. */
  readonly backAt: string | null;
  /** The next ones were taken, or it came to rest; null while the cluster settles. */
  readonly settledAt: string | null;
  /** How often it was tried. */
  readonly tries: number;
}

const taking: readonly string[] = ['lift-member', 'replace-member', 'replace-node'];
/** Done to those in hand, which stay away meanwhile. */
const tending: readonly string[] = [
  'start-member',
  'start-node',
  'run-hook',
  'adopt-member',
  'cordon',
  'evict-pods',
  'delete-pods',
];
const resting: readonly string[] = ['stopped', 'gated', 'paused', 'cancelled', 'returned', 'done'];

export function takingsOf(plan: PlannedHops | null, events: readonly HappenedEvent[]): readonly Taking[] {
  const counting = countHops(plan);
  let takings: readonly Taking[] = [];
  for (const event of events) {
    if (event.kind === 'acting' && taking.includes(event.move ?? '')) takings = taken(takings, event, counting);
    else if (event.kind === 'acting' && !tending.includes(event.move ?? '')) takings = back(takings, event.at);
    else if (resting.includes(event.kind)) takings = rested(takings, event);
  }
  return takings;
}

function taken(before: readonly Taking[], { at, members }: HappenedEvent, counting: Counting): readonly Taking[] {
  const latest = before.at(-1);
  // Tried once more, before it was back.
  if (latest !== undefined && latest.backAt === null && members.every((name) => latest.members.includes(name)))
    return [...before.slice(0, -1), { ...latest, tries: latest.tries + 1 }];
  const settled = back(before, at).map((one) => (one.settledAt === null ? { ...one, settledAt: at } : one));
  return [...settled, { hop: counting.hopOf(members), members, beganAt: at, backAt: null, settledAt: null, tries: 1 }];
}

function back(takings: readonly Taking[], at: string): readonly Taking[] {
  return takings.map((one) => (one.backAt === null ? { ...one, backAt: at } : one));
}

/** Who stopped for a member that does not come back leaves it away; every other rest comes after those in hand are back. */
function rested(takings: readonly Taking[], { at, kind }: HappenedEvent): readonly Taking[] {
  const all = kind === 'stopped' ? takings : back(takings, at);
  return all.map((one) => (one.settledAt === null ? { ...one, settledAt: at } : one));
}

interface Counting {
  /** The hop to which a taking of these members belongs: each is taken as often in a hop as the plan has it in waves. */
  hopOf(members: readonly string[]): number;
}

function countHops(plan: PlannedHops | null): Counting {
  const left = (plan?.hops ?? []).map(({ waves }) => countsOf(waves.flat()));
  let hop = 0;
  return {
    hopOf: (members) => {
      const isDue = members.some((name) => (left[hop]?.get(name) ?? 0) > 0);
      if (!isDue && isThrough(left[hop]) && hop + 1 < left.length) hop += 1;
      for (const name of members) left[hop]?.set(name, Math.max(0, (left[hop]?.get(name) ?? 0) - 1));
      return hop;
    },
  };
}

function countsOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function isThrough(counts: ReadonlyMap<string, number> | undefined): boolean {
  return counts !== undefined && [...counts.values()].every((count) => count === 0);
}
