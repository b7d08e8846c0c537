/** What was acknowledged: index -> id -> source as JSON text. The promise that is checked at the end. */
export class Documents {
  readonly #byIndex = new Map<string, Map<string, string>>();
  /** Writes that were sent and not acknowledged: they may be there or not, and either is right. */
  readonly #doubtful = new Map<string, Map<string, string>>();

  acknowledged(index: string, id: string, source: string): void {
    remember(this.#byIndex, index, id, source);
    this.#doubtful.get(index)?.delete(id);
  }

  doubtful(index: string, id: string, source: string): void {
    remember(this.#doubtful, index, id, source);
  }

  indices(): readonly string[] {
    return [...new Set([...this.#byIndex.keys(), ...this.#doubtful.keys()])];
  }

  of(index: string): ReadonlyMap<string, string> {
    return this.#byIndex.get(index) ?? new Map();
  }

  doubtfulOf(index: string): ReadonlyMap<string, string> {
    return this.#doubtful.get(index) ?? new Map();
  }

  get count(): number {
    let count = 0;
    for (const documents of this.#byIndex.values()) count += documents.size;
    return count;
  }
}

function remember(into: Map<string, Map<string, string>>, index: string, id: string, source: string): void {
  const documents = into.get(index) ?? new Map<string, string>();
  documents.set(id, source);
  into.set(index, documents);
}
