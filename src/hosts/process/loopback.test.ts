import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freeLoopbackBlock, freePorts } from './loopback.ts';

/** Gives these numbers in turn, the last one for ever. */
function chanceOf(...numbers: readonly number[]): (from: number, to: number) => number {
  const left = [...numbers];
  return () => (left.length > 1 ? left.shift() : left[0]) ?? 0;
}

describe('a block of loopback addresses', () => {
  it('is one of ours, and never one that was given out', async () => {
    const [port = 0] = await freePorts(1);
    const ranges: [number, number][] = [];
    const numbers = [77, 3, 77, 4];
    const chance = (from: number, to: number) => {
      ranges.push([from, to]);
      return numbers.shift() ?? 0;
    };
    expect(await freeLoopbackBlock([port], ['127.77.3'], chance)).toBe('127.77.4');
    expect(ranges.slice(0, 2)).toEqual([
      [64, 250],
      [0, 255],
    ]);
    expect(await freeLoopbackBlock([port], [])).toMatch(/^127\.(6[4-9]|[7-9]\d|1\d\d|2[0-4]\d|250)\.\d{1,3}$/);
  });

  it('has nobody on any of the ports, neither where the front door nor where the first apiserver will stand', async () => {
    for (const end of ['1', '11']) {
      const occupant = createServer();
      await once(occupant.listen(0, `127.99.7.${end}`), 'listening');
      const address = occupant.address();
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
      const [other = 0] = await freePorts(1);
      try {
        expect(await freeLoopbackBlock([other, port], [], chanceOf(99, 7, 99, 8))).toBe('127.99.8');
        await expect(freeLoopbackBlock([other, port], [], chanceOf(99, 7, 99, 7, ...Array(200).fill(99)))).resolves.toBe(
          '127.99.99',
        );
      } finally {
        await new Promise((resolve) => occupant.close(resolve));
      }
    }
  });

  it('is looked for a named number of times, then told why', async () => {
    const occupant = createServer();
    await once(occupant.listen(0, '127.99.99.11'), 'listening');
    const address = occupant.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(freeLoopbackBlock([port], [], chanceOf(99))).rejects.toThrow(
      `None of 50 blocks of loopback addresses is free: listen EADDRINUSE: address already in use 127.99.99.11:${port}.`,
    );
    await new Promise((resolve) => occupant.close(resolve));
    await expect(freeLoopbackBlock([1], ['127.99.99'], chanceOf(99))).rejects.toThrow('all were given out already');
  });
});

describe('ports of 127.0.0.1', () => {
  it('lie below those of outgoing connections, and are as many as were asked for', async () => {
    const ports = await freePorts(40);
    expect(new Set(ports).size).toBe(40);
    expect(ports.filter((port) => port < 10_240 || port > 16_999)).toEqual([]);
  });

  it('are none that somebody listens on, and none twice', async () => {
    const [taken = 0] = await freePorts(1);
    const occupant = createServer();
    await once(occupant.listen(taken, '127.0.0.1'), 'listening');
    const [one = 0, other = 0] = await freePorts(2);
    expect(await freePorts(2, chanceOf(taken, one, one, other))).toEqual([one, other]);
    await expect(freePorts(1, chanceOf(taken))).rejects.toThrow('No 1 ports between 10240 and 16999 are free.');
    await new Promise((resolve) => occupant.close(resolve));
  });
});
