import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** The second number of a block: those below are where people put things by hand. */
const second = { from: 64, to: 250 } as const;
/** A front door and an apiserver stand at these; when they are free, so is the rest. */
const lookedAt = ['1', '11'];
const triesMax = 50;
/** Neither what people give to servers by hand nor what simulated nodes have (from 17,000). */
const ownPorts = { from: 10_240, to: 16_999 } as const;
const portTriesMax = 500;

/** A number of `from` to `to`. */
export type Chance = (from: number, to: number) => number;

/** A block of loopback addresses where nobody listens on these ports, by its first three numbers. */
export async function freeLoopbackBlock(
  ports: readonly number[],
  taken: readonly string[],
  chance: Chance = (from, to) => randomInt(from, to + 1),
): Promise<string> {
  let last = 'all were given out already';
  for (let tries = 0; tries < triesMax; tries += 1) {
    const block = `127.${chance(second.from, second.to)}.${chance(0, 255)}`;
    if (taken.includes(block)) continue;
    const because = await occupied(lookedAt.flatMap((end) => ports.map((port) => ({ address: `${block}.${end}`, port }))));
    if (because === null) return block;
    last = because;
  }
  throw new Error(`None of ${triesMax} blocks of loopback addresses is free: ${last}.`);
}

/**
 * Ports of 127.0.0.1 that nobody listens on, no two the same. They lie below those that systems give to outgoing connections
 * (from 32,768 on Linux): else a connection could take a member's port while the member is away for its next release.
 */
export async function freePorts(
  count: number,
  chance: Chance = (from, to) => randomInt(from, to + 1),
): Promise<readonly number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries += 1) {
    if (tries === portTriesMax + count)
      throw new Error(`No ${count} ports between ${ownPorts.from} and ${ownPorts.to} are free.`);
    const port = chance(ownPorts.from, ownPorts.to);
    if (!ports.has(port) && (await occupied([{ address: '127.0.0.1', port }])) === null) ports.add(port);
  }
  return [...ports];
}

async function occupied(places: readonly { readonly address: string; readonly port: number }[]): Promise<string | null> {
  const held = await Promise.allSettled(places.map(({ address, port }) => hold(address, port)));
  await Promise.all(held.map((one) => (one.status === 'fulfilled' ? letGo(one.value) : undefined)));
  const refused = held.find((one) => one.status === 'rejected');
  return refused === undefined ? null : refused.reason instanceof Error ? refused.reason.message : String(refused.reason);
}

function hold(address: string, port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => resolve(server));
  });
}

function letGo(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
