import { describe, expect, it } from 'vitest';
import { gather } from './gather.ts';
import { OwnWrites } from './own-writes.ts';

function aServer() {
  const clock = { ms: 0 };
  const writes = new OwnWrites(() => clock.ms);
  const asked: string[][] = [];
  const value = { now: 'first' };
  const read = gather<string, string>(
    (key) => key,
    async (keys) => {
      asked.push([...keys]);
      return keys.map((key) => (key === 'broken' ? new Error('cannot be read') : `${key} ${value.now}`));
    },
    writes.to('clusters', 'upgrades'),
  );
  const write = (statement: string) => writes.begin(statement);
  return { clock, read, write, asked, value };
}

const toClusters = 'update "clusterlift"."clusters" set name = $1';

describe('an answer of the only server that writes', () => {
  it('is told again without asking while nothing is written, whoever asks', async () => {
    const { read, asked } = aServer();
    expect(await read('a')).toBe('a first');
    expect(await Promise.all([read('a'), read('a'), read('b')])).toEqual(['a first', 'a first', 'b first']);
    expect(asked).toEqual([['a'], ['b']]);
  });

  it.each([toClusters, 'delete from clusterlift.upgrades', 'commit'])('is asked for afresh after %s', async (statement) => {
    const { read, write, asked, value } = aServer();
    await read('a');
    const ended = write(statement);
    value.now = 'second';
    ended('known');
    expect(await read('a')).toBe('a second');
    expect(asked).toEqual([['a'], ['a']]);
  });

  it('is asked for while a write is under way, and is not kept beyond its end', async () => {
    const { read, write, value } = aServer();
    await read('a');
    const ended = write(toClusters);
    expect(await read('a')).toBe('a first');
    value.now = 'second';
    ended('known');
    expect(await read('a')).toBe('a second');
  });

  it('is not kept when a write began and ended while it was asked for', async () => {
    const { clock } = aServer();
    const writes = new OwnWrites(() => clock.ms);
    let answer = (_: readonly string[]): void => undefined;
    let arrived = (): void => undefined;
    const asking = () =>
      new Promise<void>((resolve) => {
        arrived = resolve;
      });
    const read = gather<string, string>(
      (key) => key,
      () => {
        arrived();
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
      writes.to('clusters'),
    );
    let asked = asking();
    const old = read('a');
    await asked;
    writes.begin(toClusters)('known');
    answer(['before the write']);
    expect(await old).toBe('before the write');
    asked = asking();
    const next = read('a');
    await asked;
    answer(['after the write']);
    expect(await next).toBe('after the write');
  });

  it('stays through writes to what it does not depend on', async () => {
    const { read, write, asked } = aServer();
    await read('a');
    write('update "clusterlift"."leases" set expires_at = $1')('known');
    await read('a');
    expect(asked).toEqual([['a']]);
  });

  it('is asked for again after half a second, and for a minute after a write of which the end is not known', async () => {
    const { clock, read, write, asked } = aServer();
    await read('a');
    clock.ms = 499;
    await read('a');
    expect(asked).toHaveLength(1);
    clock.ms = 500;
    await read('a');
    expect(asked).toHaveLength(2);
    write(toClusters)('unknown');
    for (const ms of [501, 30_000, 60_500]) {
      clock.ms = ms;
      await read('a');
      await read('a');
    }
    expect(asked).toHaveLength(8);
    clock.ms = 60_501;
    await read('a');
    await read('a');
    expect(asked).toHaveLength(9);
  });

  it('that could not be read is asked for again at once', async () => {
    const { read, asked } = aServer();
    await expect(read('broken')).rejects.toThrow('cannot be read');
    await expect(read('broken')).rejects.toThrow('cannot be read');
    expect(asked).toEqual([['broken'], ['broken']]);
  });
});
