import type { Ledger, SeenElasticsearch } from '../../../domain/index.ts';

/** What is set while members are away, and why: copies must not be made anew for a node that comes back in seconds. */
const frozenValues = {
  'cluster.routing.allocation.enable': 'primaries',
  'cluster.routing.rebalance.enable': 'none',
} as const;

export const allocationSetting = 'cluster.routing.allocation.enable';

type Level = 'persistent' | 'transient';

/** `persistent:name` or `transient:name` to the value to put; null removes it. */
export type SettingChanges = Readonly<Record<string, string | null>>;

/** A transient value of the owner hides a persistent one, so the change is made at the level that has effect. */
export function changesToFreeze(seen: SeenElasticsearch): { readonly changes: SettingChanges; readonly owners: SettingChanges } {
  const changes: Record<string, string | null> = {};
  const owners: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(frozenValues)) {
    const level: Level = seen.transientSettings[name] === undefined ? 'persistent' : 'transient';
    const current = valueAt(seen, level, name);
    if (current === value) continue;
    changes[`${level}:${name}`] = value;
    owners[`${level}:${name}`] = current;
  }
  return { changes, owners };
}

/** Keys of the ledger whose frozen value is still in force. One that somebody else has changed since is theirs now. */
export function stillFrozen(ledger: Ledger, seen: SeenElasticsearch): readonly string[] {
  return Object.keys(ledger.ownerSettings).filter((key) => {
    const { level, name } = split(key);
    return valueAt(seen, level, name) === frozenValues[name as keyof typeof frozenValues];
  });
}

/** Replica allocation is held back, whoever asked for it. */
export function allocationIsFrozen(seen: SeenElasticsearch): boolean {
  return (
    (seen.transientSettings[allocationSetting] ?? seen.persistentSettings[allocationSetting]) === frozenValues[allocationSetting]
  );
}

export function ownersValues(ledger: Ledger, keys: readonly string[]): SettingChanges {
  return Object.fromEntries(keys.map((key) => [key, ledger.ownerSettings[key] ?? null]));
}

export function isAllocationKey(key: string): boolean {
  return split(key).name === allocationSetting;
}

export function split(key: string): { readonly level: Level; readonly name: string } {
  const colon = key.indexOf(':');
  return { level: key.slice(0, colon) === 'transient' ? 'transient' : 'persistent', name: key.slice(colon + 1) };
}

function valueAt(seen: SeenElasticsearch, level: Level, name: string): string | null {
  return (level === 'transient' ? seen.transientSettings : seen.persistentSettings)[name] ?? null;
}
