import { tableSchema } from '../migrations/index.ts';
import type { Tables } from '../tables.ts';

/** A moment before a read, to be asked about later. */
export interface Mark {
  readonly writes: number;
  readonly atMs: number;
}

/** Somebody may write into our database by hand after all: nothing is told for longer than this without asking again. */
const toldAgainMs = 500;
/** A write whose answer was lost may still be carried out, no longer after than a statement may take. */
const unknownMs = 60_000;

export type Table = keyof Tables;

/**
 * The writes of the only server that writes to its database. What it has read is still so while it has written nothing there
 * since, and is writing nothing: then nobody need be asked.
 */
export class OwnWrites {
  readonly #nowMs: () => number;
  readonly #watches: WritesOf[] = [];

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Those to tables that a read depends on, be it that their rows go with others' rows. */
  to(...tables: readonly Table[]): WritesOf {
    const watch = new WritesOf(tables, this.#nowMs);
    this.#watches.push(watch);
    return watch;
  }

  /** To be called before a statement that may write is sent; what it gives back, when that has ended. */
  begin(statement: string): (end: 'known' | 'unknown') => void {
    const watches = this.#watches.filter((watch) => watch.isTouchedBy(statement));
    for (const watch of watches) watch.begin();
    return (end) => {
      for (const watch of watches) watch.end(end);
    };
  }
}

export class WritesOf {
  readonly #tables: readonly Table[];
  readonly #nowMs: () => number;
  #ended = 0;
  #underWay = 0;
  #unknownUntilMs = Number.NEGATIVE_INFINITY;

  constructor(tables: readonly Table[], nowMs: () => number) {
    this.#tables = tables;
    this.#nowMs = nowMs;
  }

  mark(): Mark {
    return { writes: this.#ended, atMs: this.#nowMs() };
  }

  /** Whether what was read after the mark may be told now. */
  noneSince({ writes, atMs }: Mark): boolean {
    if (this.#underWay > 0 || this.#ended !== writes) return false;
    return this.#nowMs() - atMs < toldAgainMs && atMs > this.#unknownUntilMs;
  }

  /** What names none of our tables, such as `commit`, may be about any of them. */
  isTouchedBy(statement: string): boolean {
    return !statement.includes(tableSchema) || this.#tables.some((table) => statement.includes(table));
  }

  begin(): void {
    this.#underWay += 1;
  }

  end(end: 'known' | 'unknown'): void {
    this.#underWay -= 1;
    this.#ended += 1;
    if (end === 'unknown') this.#unknownUntilMs = this.#nowMs() + unknownMs;
  }
}
