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
  readonly reason: { readonly subject: string } | null;
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
const starting: readonly string[] = ['start-member', 'start-node'];
/** Done to those in hand, which stay away meanwhile. */
const tending: readonly string[] = ['run-hook', 'adopt-member', 'cordon', 'evict-pods', 'delete-pods'];
const resting: readonly string[] = ['stopped', 'gated', 'paused', 'cancelled', 'returned', 'done'];

export function takingsOf(plan: PlannedHops | null, events: readonly HappenedEvent[]): readonly Taking[] {
  const counting = countHops(plan);
  let takings: readonly Taking[] = [];
  for (const event of events) {
    const move = event.kind === 'acting' ? event.move : null;
    if (move !== null && taking.includes(move)) takings = taken(takings, event, counting);
    else if (move !== null && starting.includes(move)) takings = awayStill(takings, event.members);
    else if (move !== null && !tending.includes(move)) takings = back(takings, event.at);
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

/** Before it stops, the loop puts settings back: that tells nothing of the member for which it stops. */
function rested(takings: readonly Taking[], { at, kind, reason }: HappenedEvent): readonly Taking[] {
  const all = kind === 'stopped' ? awayStill(takings, reason === null ? [] : [reason.subject]) : back(takings, at);
  return all.map((one) => (one.settledAt === null ? { ...one, settledAt: at } : one));
}

/** The latest ones were not back after all. */
function awayStill(takings: readonly Taking[], members: readonly string[]): readonly Taking[] {
  const latest = takings.at(-1);
  if (latest === undefined || !members.some((name) => latest.members.includes(name))) return takings;
  return [...takings.slice(0, -1), { ...latest, backAt: null, settledAt: null }];
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
