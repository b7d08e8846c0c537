import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** The second number of a block: those below are where people put things by hand. */
const second = { from: 64, to: 250 } as const;
/** A front door and an apiserver stand at these; when they are free, so is the rest. */
const lookedAt = ['1', '11'];
const triesMax = 50;

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

/** Free loopback ports, as many as asked for; all are held at once, so that no two are the same. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => hold('127.0.0.1', 0)));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a listening server has a port');
    return address.port;
  });
  await Promise.all(servers.map(letGo));
  return ports;
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
