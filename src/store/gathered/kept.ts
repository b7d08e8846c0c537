/** What was read of rows, each with the version of the row that it was read from. The oldest goes when there are too many. */
export class Kept<Value> {
  readonly #most: number;
  readonly #values = new Map<string, { readonly version: string; readonly value: Value }>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Undefined where nothing is kept of this version. */
  get(id: string, version: string): Value | undefined {
    const kept = this.#values.get(id);
    return kept?.version === version ? kept.value : undefined;
  }

  set(id: string, version: string, value: Value): void {
    this.#values.delete(id);
    this.#values.set(id, { version, value });
    if (this.#values.size <= this.#most) return;
    const [oldest = ''] = this.#values.keys();
    this.#values.delete(oldest);
  }
}
