import { parse } from 'yaml';
import { isAtLeast } from './versions.ts';

type Flat = Readonly<Record<string, string>>;

/** elasticsearch.yml as flat settings; null when it is not YAML. */
export function parseSettingsFile(text: string): Flat | null {
  try {
    return flatten(parse(text) ?? {});
  } catch {
    return null;
  }
}

/** `{a: {b: [1, 2]}}` becomes `{'a.b': '1,2'}`; nulls stay as the text `null` is not: they are left out. */
export function flatten(value: unknown, prefix = ''): Record<string, string> {
  const flat: Record<string, string> = {};
  if (typeof value !== 'object' || value === null) return flat;
  for (const [key, item] of Object.entries(value)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (Array.isArray(item)) flat[name] = item.map(String).join(',');
    else if (typeof item === 'object' && item !== null) Object.assign(flat, flatten(item, name));
    else if (item !== null && item !== undefined) flat[name] = String(item);
  }
  return flat;
}

/** As `flatten`, keeping nulls: they remove a setting. */
export function flattenChanges(value: unknown, prefix = ''): Record<string, string | null> {
  const flat: Record<string, string | null> = {};
  if (typeof value !== 'object' || value === null) return flat;
  for (const [key, item] of Object.entries(value)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (item === null) flat[name] = null;
    else if (Array.isArray(item)) flat[name] = item.map(String).join(',');
    else if (typeof item === 'object') Object.assign(flat, flattenChanges(item, name));
    else flat[name] = String(item);
  }
  return flat;
}

/** The other way round: `{'a.b': '1'}` becomes `{a: {b: '1'}}`. A name that is also a prefix keeps its dots below it. */
export function nest(flat: Readonly<Record<string, string | readonly string[]>>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat).sort(([a], [b]) => a.localeCompare(b))) {
    const parts = name.split('.');
    let at = root;
    for (let depth = 0; depth < parts.length; depth += 1) {
      const rest = parts.slice(depth).join('.');
      const part = parts[depth] ?? '';
      const below = at[part];
      if (depth === parts.length - 1 || (below !== undefined && (typeof below !== 'object' || Array.isArray(below)))) {
        at[below === undefined ? part : rest] = value;
        break;
      }
      if (below === undefined) at[part] = {};
      at = at[part] as Record<string, unknown>;
    }
  }
  return root;
}

/** Names and prefixes that a node knows, with the versions they came and went with. What is not here is refused. */
const known: readonly (readonly [name: string, from: string, until: string])[] = [
  ['cluster.name', '0', '99'],
  ['cluster.routing.*', '0', '99'],
  ['cluster.routing.allocation.snapshot.relocation_enabled', '0', '6'],
  ['cluster.routing.allocation.disk.include_relocations', '0', '8'],
  ['cluster.info.*', '0', '99'],
  ['cluster.indices.*', '0', '99'],
  ['cluster.blocks.*', '0', '99'],
  ['cluster.service.*', '0', '99'],
  ['cluster.max_shards_per_node', '6.5.0', '99'],
  ['cluster.persistent_tasks.*', '6.0.0', '99'],
  ['cluster.no_master_block', '6.7.0', '99'],
  ['cluster.initial_master_nodes', '7.0.0', '99'],
  ['cluster.election.*', '7.0.0', '99'],
  ['cluster.join.*', '7.0.0', '99'],
  ['cluster.publish.*', '7.0.0', '99'],
  ['cluster.fault_detection.*', '7.0.0', '99'],
  ['cluster.auto_shrink_voting_configuration', '7.0.0', '99'],
  ['cluster.remote.*', '6.5.0', '99'],
  ['cluster.metadata.*', '6.5.0', '99'],
  ['cluster.snapshot.*', '7.0.0', '99'],
  ['node.name', '0', '99'],
  ['node.attr.*', '0', '99'],
  ['node.id.seed', '0', '99'],
  ['node.roles', '7.9.0', '99'],
  ['node.master', '0', '8'],
  ['node.data', '0', '8'],
  ['node.ingest', '0', '8'],
  ['node.ml', '0', '8'],
  ['node.voting_only', '7.3.0', '8'],
  ['node.local_storage', '0', '8'],
  ['node.max_local_storage_nodes', '0', '8'],
  ['node.portsfile', '0', '99'],
  ['node.processors', '7.4.0', '99'],
  ['processors', '0', '8'],
  ['path.data', '0', '99'],
  ['path.logs', '0', '99'],
  ['path.home', '0', '99'],
  ['path.repo', '0', '99'],
  ['path.scripts', '0', '6'],
  ['path.conf', '0', '6'],
  ['path.shared_data', '0', '99'],
  ['network.*', '0', '99'],
  ['http.enabled', '0', '7'],
  ['http.*', '0', '99'],
  ['transport.tcp.*', '0', '8'],
  ['transport.*', '0', '99'],
  ['discovery.zen.*', '0', '8'],
  ['discovery.*', '0', '99'],
  ['gateway.*', '0', '99'],
  ['bootstrap.system_call_filter', '0', '8'],
  ['bootstrap.seccomp', '0', '6'],
  ['bootstrap.*', '0', '99'],
  ['indices.store.throttle.*', '0', '6'],
  ['indices.*', '0', '99'],
  ['script.inline', '0', '6'],
  ['script.stored', '0', '6'],
  ['script.file', '0', '6'],
  ['script.*', '0', '99'],
  ['search.remote.*', '5.3.0', '8'],
  ['search.*', '0', '99'],
  ['thread_pool.bulk.*', '0', '7'],
  ['thread_pool.index.*', '0', '7'],
  ['thread_pool.*', '0', '99'],
  ['action.*', '0', '99'],
  ['cache.recycler.*', '0', '99'],
  ['ingest.*', '0', '99'],
  ['logger.*', '0', '99'],
  ['monitor.*', '0', '99'],
  ['pidfile', '0', '8'],
  ['plugin.mandatory', '0', '99'],
  ['reindex.*', '0', '99'],
  ['repositories.*', '0', '99'],
  ['resource.reload.*', '0', '99'],
  ['rest.action.multi.allow_explicit_index', '0', '99'],
  ['security.manager.enabled', '0', '6'],
  ['tribe.*', '0', '7'],
  ['http.type.default', '0', '99'],
  ['client.*', '0', '8'],
  ['xpack.security.enabled', '7.0.0', '99'],
];

/** The most exact entry for a name decides; `index.*` never belongs into a node's file. */
export function isKnownSetting(name: string, version: string): boolean {
  const matching = known.filter(([pattern]) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
  const [best] = [...matching].sort(([a], [b]) => b.length - a.length);
  if (best === undefined) return false;
  return isAtLeast(version, best[1]) && !isAtLeast(version, best[2]);
}

export const allocationValues = ['all', 'primaries', 'new_primaries', 'none'] as const;
export const rebalanceValues = ['all', 'primaries', 'replicas', 'none'] as const;

/** What a cluster says against a dynamic setting; null when it takes it. */
export function refuseClusterSetting(level: string, name: string, value: string | null, version: string): string | null {
  if (name.startsWith('archived.')) return value === null ? null : `${level} setting [${name}], not recognized`;
  const wildcard = name.endsWith('*');
  const unknown = isAtLeast(version, '6.0.0') ? 'not recognized' : 'not dynamically updateable';
  if (!wildcard && !isKnownSetting(name, version)) return `${level} setting [${name}], ${unknown}`;
  if (/^(node|path|http|transport|network)\./.test(name) || name === 'cluster.name')
    return `${level} setting [${name}], not dynamically updateable`;
  if (value === null) return null;
  if (name === 'cluster.routing.allocation.enable' && !oneOf(allocationValues, value))
    return illegalValue('Allocation', value, version);
  if (name === 'cluster.routing.rebalance.enable' && !oneOf(rebalanceValues, value))
    return illegalValue('Rebalance', value, version);
  return null;
}

function illegalValue(kind: 'Allocation' | 'Rebalance', value: string, version: string): string {
  return isAtLeast(version, '7.0.0')
    ? `No enum constant org.elasticsearch.cluster.routing.allocation.decider.EnableAllocationDecider.${kind}.${value.toUpperCase()}`
    : `Illegal ${kind.toLowerCase()}.enable value [${value.toUpperCase()}]`;
}

function oneOf(values: readonly string[], value: string): boolean {
  return values.includes(value.toLowerCase());
}
