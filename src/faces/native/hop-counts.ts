import type { Control } from '../../control/index.ts';
import type { Caller, Upgrade } from '../../domain/index.ts';

const rememberedMax = 10_000;

export type HopCounts = (caller: Caller, upgrade: Pick<Upgrade, 'planId'>) => Promise<number | null>;

/** How many hops upgrades have. A plan never changes, so that each is read once; the oldest are forgotten first. */
export function createHopCounts(control: Pick<Control, 'getPlan'>): HopCounts {
  const known = new Map<string, number>();
  return async (caller, { planId }) => {
    const before = known.get(planId);
    if (before !== undefined) return before;
    const plan = await control.getPlan(caller, planId);
    if (plan === undefined) return null;
    known.set(planId, plan.hops.length);
    const [oldest] = known.keys();
    if (known.size > rememberedMax && oldest !== undefined) known.delete(oldest);
    return plan.hops.length;
  };
}
