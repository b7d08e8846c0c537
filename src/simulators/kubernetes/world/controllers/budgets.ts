import { timeAt } from '../clock.ts';
import { countBudget } from '../eviction.ts';
import type { Moment, World } from '../model.ts';
import { listOf } from '../store.ts';

export function countBudgets(world: World, moment: Moment): void {
  const now = timeAt(world, moment.nowMs);
  for (const budget of listOf(world, 'policy/poddisruptionbudgets')) countBudget(world, budget, now);
}
