import { createServer } from 'node:net';

/** Below what systems give to outgoing connections: a port stays free while its node is away. */
const usualRange = { from: 17_000, to: 31_999 };
const triesMax = 500;

/**
 * Ports that nothing listens on and that were not given out before. When nearly all were, those that were given out first may
 * be given again: most of their nodes are gone by then.
 */
export function createPorts(
  random: () => number,
  address = '127.0.0.1',
  range = usualRange,
): (count: number) => Promise<readonly number[]> {
  const given = new Set<number>();
  return async (count) => {
    const ports: number[] = [];
    for (let tries = 0; ports.length < count; tries += 1) {
      if (tries > triesMax) {
        if (given.size <= ports.length) throw new Error(`no ${count} free ports between ${range.from} and ${range.to}`);
        const old = [...given].filter((port) => !ports.includes(port));
        for (const port of old.slice(0, Math.ceil(old.length / 2))) given.delete(port);
        tries = 0;
      }
      const port = range.from + Math.floor(random() * (range.to - range.from + 1));
      if (given.has(port) || !(await isFree(port, address))) continue;
      given.add(port);
      ports.push(port);
    }
    return ports;
  };
}

export function isFree(port: number, address = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}
