/** Round moments for an axis of time, few enough to be read. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400].map(
  (second) => second * 1_000,
);

export function ticksOf(lengthMs: number, atMost: number): readonly number[] {
  const stepMs = steps.find((step) => lengthMs / step <= atMost) ?? Math.ceil(lengthMs / atMost / 86_400_000) * 86_400_000;
  return Array.from({ length: Math.floor(lengthMs / stepMs) + 1 }, (_, index) => index * stepMs);
}

/** `0.8 s`, `42 s`, `3:05 min`, `2:10 h`: short, for beside a line. */
export function shortDuration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1_000).toFixed(1).replace(/\.0$/, '')} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const [large, small, unit] =
    seconds < 3_600
      ? [Math.floor(seconds / 60), seconds % 60, 'min']
      : [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), 'h'];
  return small === 0 ? `${large} ${unit}` : `${large}:${String(small).padStart(2, '0')} ${unit}`;
}
