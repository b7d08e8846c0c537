import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** CLUSTERLIFT_RECORD=1 with a real cluster writes its answers anew, for a person to read the difference. */
const recording = process.env.CLUSTERLIFT_RECORD === '1';

/** The answers of the real thing to every situation of one course, by the situation's name. */
export class Recorded {
  readonly #file: string;
  readonly #answers: Record<string, unknown>;
  readonly #real: boolean;

  constructor(folder: string, name: string, kind: 'real' | 'fake') {
    this.#file = fileURLToPath(new URL(`${folder}/recorded/${name}.json`, import.meta.url));
    this.#real = kind === 'real';
    this.#answers = existsSync(this.#file) ? JSON.parse(readFileSync(this.#file, 'utf8')) : {};
  }

  /** Holds an answer to what is recorded; a real one is recorded instead where that is asked for. */
  holds(situation: string, answer: unknown): void {
    const told: unknown = JSON.parse(JSON.stringify(answer));
    if (this.#real && recording) {
      this.#answers[situation] = told;
      writeFileSync(this.#file, `${JSON.stringify(this.#answers, null, 2)}\n`);
    }
    expect(this.#answers, 'a situation that was never recorded').toHaveProperty([situation]);
    expect(told).toEqual(this.#answers[situation]);
  }
}
