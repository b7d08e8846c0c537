import { describe, expect, it } from 'vitest';
import { gather } from './gather.ts';

/** Statements whose end the test decides. */
function aDatabase() {
  const statements: { readonly keys: readonly string[]; readonly end: (error?: Error) => void }[] = [];
  const arrived: (() => void)[] = [];
  const read = gather<string, string>(
    (key) => key,
    (keys) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error === undefined ? resolve(keys.map((key) => `${key}!`)) : reject(error));
        statements.push({ keys, end });
        for (const tell of arrived.splice(0)) tell();
      }),
  );
  const statement = async (number: number) => {
    while (statements.length <= number) await new Promise<void>((resolve) => arrived.push(resolve));
    return statements[number] ?? { keys: [], end: () => undefined };
  };
  return { read, statement, count: () => statements.length };
}

describe('reads that are gathered', () => {
  it('are one statement for all who ask at once, each asked for once', async () => {
    const { read, statement, count } = aDatabase();
    const answers = Promise.all(['a', 'b', 'a', 'c'].map(read));
    const first = await statement(0);
    expect(first.keys).toEqual(['a', 'b', 'c']);
    first.end();
    expect(await answers).toEqual(['a!', 'b!', 'a!', 'c!']);
    expect(count()).toBe(1);
  });

  it('that come while a statement is under way are asked afresh, also for what that one asks for', async () => {
    const { read, statement, count } = aDatabase();
    const early = read('a');
    const first = await statement(0);
    const late = [read('a'), read('b')];
    let told = false;
    void late[0]?.then(() => {
      told = true;
    });
    first.end();
    expect(await early).toBe('a!');
    const second = await statement(1);
    expect(told).toBe(false);
    expect(second.keys).toEqual(['a', 'b']);
    second.end();
    expect(await Promise.all(late)).toEqual(['a!', 'b!']);
    expect(count()).toBe(2);
  });

  it('fail with their statement, and the next ones are asked all the same', async () => {
    const { read, statement } = aDatabase();
    const failing = [read('a'), read('b')];
    const later = (await statement(0)).end;
    const next = read('a');
    later(new Error('away'));
    expect((await Promise.allSettled(failing)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    (await statement(1)).end();
    expect(await next).toBe('a!');
  });

  it('are told an error of one key to whoever asked for it alone', async () => {
    const read = gather<string, string>(
      (key) => key,
      async (keys) => keys.map((key) => (key === 'bad' ? new Error('cannot be read') : key)),
    );
    const [bad, good] = await Promise.allSettled([read('bad'), read('good')]);
    expect(bad).toMatchObject({ status: 'rejected', reason: new Error('cannot be read') });
    expect(good).toEqual({ status: 'fulfilled', value: 'good' });
  });

  it('ask for five hundred at once at most, and for the others next', async () => {
    const { read, statement, count } = aDatabase();
    const answers = Promise.all(Array.from({ length: 1_200 }, (_, index) => read(`${index}`)));
    const asked: string[] = [];
    for (let number = 0; number < 3; number += 1) {
      const { keys, end } = await statement(number);
      expect(keys.length).toBeLessThanOrEqual(500);
      asked.push(...keys);
      end();
    }
    expect((await answers)[1_199]).toBe('1199!');
    expect([count(), new Set(asked).size, asked.length]).toEqual([3, 1_200, 1_200]);
  });
});
