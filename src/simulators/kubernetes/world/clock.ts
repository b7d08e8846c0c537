import type { DueEvent, Moment, World } from './model.ts';

/** Lets something happen by itself. Of two of one name the earlier stays. */
export function schedule(world: World, event: DueEvent): void {
  const at = world.due.findIndex(({ name }) => name === event.name);
  if (at !== -1) {
    if ((world.due[at]?.atMs ?? 0) <= event.atMs) return;
    world.due.splice(at, 1);
  }
  const later = world.due.findIndex(({ atMs }) => atMs > event.atMs);
  world.due.splice(later === -1 ? world.due.length : later, 0, event);
}

export function unschedule(world: World, name: string): void {
  const at = world.due.findIndex((event) => event.name === name);
  if (at !== -1) world.due.splice(at, 1);
}

/** Everything whose time has come happens, in order, each at its own moment. */
export function advance(world: World, { nowMs, random }: Moment): void {
  for (let next = world.due[0]; next !== undefined && next.atMs <= nowMs; next = world.due[0]) {
    world.due.shift();
    world.nowMs = next.atMs;
    next.happen(world, { nowMs: next.atMs, random });
  }
  world.nowMs = Math.max(world.nowMs, nowMs);
}

/** The moment of the next event; null while nothing is in flight. */
export function nextEventMs(world: World): number | null {
  return world.due[0]?.atMs ?? null;
}

/** `2026-11-25T03:07:18Z`. */
export function timeAt(world: World, atMs: number): string {
  return `${new Date(world.epochMs + atMs).toISOString().slice(0, 19)}Z`;
}

/** As leases and events tell it: `2026-11-25T03:07:18.123000Z`. */
export function microTimeAt(world: World, atMs: number): string {
  return `${new Date(world.epochMs + atMs).toISOString().slice(0, 23)}000Z`;
}

export function newUid(random: () => number): string {
  const digits = Array.from({ length: 32 }, (_, at) => {
    if (at === 12) return '4';
    return Math.floor(at === 16 ? 8 + random() * 4 : random() * 16).toString(16);
  }).join('');
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-');
}

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** What stands behind a generated name. */
export function newSuffix(random: () => number, length = 5): string {
  return Array.from({ length }, () => letters[Math.floor(random() * letters.length)] ?? 'b').join('');
}
