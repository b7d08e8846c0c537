export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) throw new Error('no values');
  const upper = sorted[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper;
}

/** How two ways of doing the same compare: each round side by side, and the median of the rounds' ratios. */
export interface Ratio {
  readonly name: string;
  readonly ratio: number;
  readonly goal: number;
  readonly reached: boolean;
}

export function ratioOf(
  name: string,
  rounds: readonly { readonly ours: number; readonly theirs: number }[],
  goal: number,
): Ratio {
  const ratio = Math.round(median(rounds.map(({ ours, theirs }) => ours / theirs)) * 1000) / 1000;
  return { name, ratio, goal, reached: ratio <= goal };
}

export function showRatio({ name, ratio, goal, reached }: Ratio): string {
  return `${name}: ${ratio.toFixed(2)} (goal at most ${goal.toFixed(2)}${reached ? '' : ', not reached'})`;
}
