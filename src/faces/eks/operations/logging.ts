import { logTypes } from '../translate/cluster.ts';

interface LogSetup {
  readonly types?: readonly string[];
  readonly enabled?: boolean;
}

/** The kinds of logs that are on afterwards; a setup without types changes nothing. */
export function enabledLogs(before: unknown, setups: readonly LogSetup[]): readonly string[] {
  const on = new Set(Array.isArray(before) ? before : []);
  for (const { types = [], enabled = false } of setups) {
    for (const type of types) {
      if (enabled) on.add(type);
      else on.delete(type);
    }
  }
  return logTypes.filter((type) => on.has(type));
}
