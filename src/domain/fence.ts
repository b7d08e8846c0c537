import type { ActResult, Ticket } from './host.ts';

/** What an act of an older generation comes to; null while no host has seen a newer one than it has. */
export function overtaken({ generation }: Ticket, seen: readonly number[]): ActResult | null {
  const newest = Math.max(0, ...seen);
  if (newest <= generation) return null;
  const says = `Nothing is done for generation ${generation}: generation ${newest} has come since.`;
  return { kind: 'refused', because: 'older-generation', says };
}
