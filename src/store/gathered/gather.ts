import type { Mark, WritesOf } from './own-writes.ts';

/** More in one statement would keep the others waiting. */
const keysAtOnce = 500;
/** Of the answers that may be told again: more are not asked for within the time in which they may. */
const toldMax = 1_000;

/**
 * Whoever asks while a statement is under way waits for the next one, which asks for all who wait. So everybody sees whatever
 * was written before he asked, as if he had asked alone, and a thousand who ask at once cost a few statements. Where nobody but
 * us writes, the answer of before is told until we write.
 */
export function gather<Key, Value>(
  textOf: (key: Key) => string,
  /** In the order of the keys. An error is told to whoever asked for that key alone. */
  ask: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
  /** Null: others write too. */
  ownWrites: WritesOf | null = null,
): (key: Key) => Promise<Value> {
  const told = new Map<string, { readonly answer: Promise<Value>; readonly mark: Mark }>();
  let waiting = new Map<string, Waiting<Key, Value>>();
  let underWay = false;

  async function askAgainAndAgain(): Promise<void> {
    // Requests that came in together are read in one go before this runs.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.size > 0) {
      const asked = [...waiting.values()].slice(0, keysAtOnce);
      if (asked.length === waiting.size) waiting = new Map();
      else for (const { key } of asked) waiting.delete(textOf(key));
      const mark = ownWrites?.mark();
      try {
        const values = await ask(asked.map(({ key }) => key));
        if (told.size + asked.length > toldMax) told.clear();
        for (const [index, { key, answer, tell, fail }] of asked.entries()) {
          const value = values[index] as Value | Error;
          if (value instanceof Error) fail(value);
          else tell(value);
          if (mark !== undefined && !(value instanceof Error)) told.set(textOf(key), { answer, mark });
        }
      } catch (error) {
        for (const { fail } of asked) fail(error);
      }
    }
    underWay = false;
  }

  return (key) => {
    const text = textOf(key);
    const before = told.get(text);
    if (before !== undefined && ownWrites?.noneSince(before.mark) === true) return before.answer;
    const same = waiting.get(text);
    if (same !== undefined) return same.answer;
    const one = waitingFor<Key, Value>(key);
    waiting.set(text, one);
    if (!underWay) {
      underWay = true;
      void askAgainAndAgain();
    }
    return one.answer;
  };
}

interface Waiting<Key, Value> {
  readonly key: Key;
  readonly answer: Promise<Value>;
  readonly tell: (value: Value) => void;
  readonly fail: (error: unknown) => void;
}

function waitingFor<Key, Value>(key: Key): Waiting<Key, Value> {
  let tell: (value: Value) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const answer = new Promise<Value>((resolve, reject) => {
    tell = resolve;
    fail = reject;
  });
  return { key, answer, tell, fail };
}
