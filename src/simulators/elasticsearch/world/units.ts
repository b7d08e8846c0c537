const units: Readonly<Record<string, number>> = {
  nanos: 1e-6,
  micros: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `1m`, `500ms`, `0`, as milliseconds; 0 for what is not a duration. */
export function durationMs(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(nanos|micros|ms|s|m|h|d)?$/.exec(text.trim()) ?? [];
  return amount === undefined ? 0 : Number(amount) * (units[unit ?? 'ms'] ?? 1);
}
