export interface Revision {
  readonly id: string;
  readonly revision: number;
  readonly unfinished: boolean;
}

/** Keeps the books of what was told: a change is told by its notice or, where that was missed, by a comparison. */
export interface Revisions {
  /** What the next comparison must ask about, beside every unfinished upgrade. */
  known(): readonly string[];
  noticed(id: string, revision: number): void;
  /** Takes what the database holds now; returns the upgrades of which a notice was missed. */
  compared(now: readonly Revision[]): readonly string[];
}

export function createRevisions(): Revisions {
  /** Null before the first comparison: what was so before anybody listened has been missed by nobody. */
  let known: Map<string, number> | null = null;
  return {
    known: () => [...(known?.keys() ?? [])],
    noticed: (id, revision) => {
      if (known !== null && revision > (known.get(id) ?? 0)) known.set(id, revision);
    },
    compared: (now) => {
      const before = known ?? new Map(now.map((one) => [one.id, one.revision]));
      const there = new Set(now.map((one) => one.id));
      const changed = now.filter((one) => one.revision > (before.get(one.id) ?? 0)).map((one) => one.id);
      const gone = [...before.keys()].filter((id) => !there.has(id));
      known = new Map(
        now.filter((one) => one.unfinished).map((one) => [one.id, Math.max(one.revision, before.get(one.id) ?? 0)]),
      );
      return [...changed, ...gone];
    },
  };
}
