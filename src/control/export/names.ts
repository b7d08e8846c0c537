/** Names that give a cluster away, and what stands for each. */
export interface Names {
  /** The same for the same; `kind` is the word that it begins with. */
  of(kind: string, name: string): string;
  /** What stands for a name of any kind; undefined: nobody has that name. */
  known(name: string): string | undefined;
}

export function createNames(): Names {
  const given = new Map<string, string>();
  const byName = new Map<string, string>();
  const counts = new Map<string, number>();
  return {
    of: (kind, name) => {
      const key = `${kind} ${name}`;
      const found = given.get(key);
      if (found !== undefined) return found;
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      const made = `${kind}-${count}`;
      given.set(key, made);
      if (!byName.has(name)) byName.set(name, made);
      return made;
    },
    known: (name) => byName.get(name),
  };
}
