/** `filter_path`: keeps what the patterns name. `*` is any name, `**` any depth, `-` in front takes away. */
export function filterPath(body: unknown, patterns: string): unknown {
  const all = patterns
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
  const wanted = all.filter((pattern) => !pattern.startsWith('-')).map((pattern) => pattern.split('.'));
  const unwanted = all.filter((pattern) => pattern.startsWith('-')).map((pattern) => pattern.slice(1).split('.'));
  const kept = wanted.length === 0 ? body : (keep(body, wanted) ?? {});
  return unwanted.length === 0 ? kept : drop(kept, unwanted);
}

type Paths = readonly (readonly string[])[];

function keep(value: unknown, paths: Paths): unknown {
  if (paths.some((path) => path.length === 0 || (path.length === 1 && path[0] === '**'))) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => keep(item, paths)).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value).flatMap(([name, item]) => {
    const kept = keep(item, below(paths, name));
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function drop(value: unknown, paths: Paths): unknown {
  if (Array.isArray(value)) return value.map((item) => drop(item, paths));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const rest = below(paths, name);
      return rest.some((path) => path.length === 0) ? [] : [[name, drop(item, rest)] as const];
    }),
  );
}

/** What is left of each path after this name; `**` matches here and stays. */
function below(paths: Paths, name: string): Paths {
  return paths.flatMap((path) => {
    const [first, ...rest] = path;
    if (first === undefined) return [];
    if (first === '**') return [path, ...(rest[0] !== undefined && fits(rest[0], name) ? [rest.slice(1)] : [])];
    return fits(first, name) ? [rest] : [];
  });
}

function fits(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
