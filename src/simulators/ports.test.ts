import { describe, expect, it } from 'vitest';
import { seededRandom } from './dice.ts';
import { createPorts, isFree } from './ports.ts';

/** Where nobody else of this machine is. */
const address = '127.99.17.1';
const range = { from: 17_000, to: 17_019 };

describe('ports of a simulator', () => {
  it('are each given out once as long as there are others', async () => {
    const ports = createPorts(seededRandom(3), address, range);
    const given = [...(await ports(6)), ...(await ports(6)), ...(await ports(6))];
    expect(new Set(given).size).toBe(18);
    expect(given.every((port) => port >= range.from && port <= range.to)).toBe(true);
  });

  it('are given out again when all were, the first ones first, and none twice at once', async () => {
    const ports = createPorts(seededRandom(3), address, range);
    for (let round = 0; round < 20; round += 1) {
      const given = await ports(8);
      expect(new Set(given).size).toBe(8);
      for (const port of given) expect(await isFree(port, address)).toBe(true);
    }
  });

  it('end where more are wanted than there are', async () => {
    await expect(createPorts(seededRandom(3), address, range)(21)).rejects.toThrow('no 21 free ports between 17000 and 17019');
  });
});
