import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { SettingsOverlay } from '../../domain/index.ts';

/** Changes settings of a YAML file in place. Nested settings become flat: a setting may be written either way. */
export function applyOverlay(root: string, { path, remove, set }: SettingsOverlay, fill: (text: string) => string): void {
  const file = join(root, path);
  const kept = Object.entries(flatten(parse(readFileSync(file, 'utf8')))).filter(([name]) => !isNamed(remove, name));
  const changed = Object.entries(set).map(([name, value]) => [name, typeof value === 'string' ? fill(value) : value.map(fill)]);
  writeFileSync(file, stringify({ ...Object.fromEntries(kept), ...Object.fromEntries(changed) }));
}

function isNamed(names: readonly string[], name: string): boolean {
  return names.some((one) => new RegExp(`^${one.replaceAll('.', '\\.').replaceAll('*', '.+')}$`).test(name));
}

/** Lists stay lists. What is no map at all has no settings: the program itself will say what is wrong with its file. */
function flatten(value: unknown, prefix = ''): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return prefix === '' ? {} : { [prefix]: value };
  return Object.assign(
    {},
    ...Object.entries(value).map(([name, inner]) => flatten(inner, prefix === '' ? name : `${prefix}.${name}`)),
  );
}
