import { Agent, request } from 'node:http';

export interface Latencies {
  readonly count: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
}

export interface Asked {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How often requests are begun: several at once. */
const beatMs = 10;
const connectionsMax = 64;

/**
 * So many requests a second for so long, begun by the clock whether earlier ones were answered or not: what waits in a queue
 * is counted from when it should have begun.
 */
export async function ask(url: string, perSecond: number, seconds: number, next: () => Asked): Promise<Latencies> {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  const took: number[] = [];
  let failed = 0;
  const one = (beganMs: number) =>
    new Promise<void>((resolve) => {
      const { path, headers } = next();
      const end = (well: boolean) => {
        if (well) took.push(performance.now() - beganMs);
        else failed += 1;
        resolve();
      };
      const sent = request({ hostname, port, path, headers, agent }, (response) => {
        response.resume();
        response.once('end', () => end(response.statusCode === 200));
        response.once('error', () => end(false));
      });
      sent.once('error', () => end(false));
      sent.end();
    });
  const began = performance.now();
  const all: Promise<void>[] = [];
  for (let sent = 0; sent < perSecond * seconds; ) {
    const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - began) / 1000) * perSecond) + 1);
    for (; sent < due; sent += 1) all.push(one(began + (sent / perSecond) * 1000));
    await new Promise((resolve) => setTimeout(resolve, beatMs));
  }
  await Promise.all(all);
  agent.destroy();
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN;
  return { count: took.length, failed, p50Ms: at(0.5), p99Ms: at(0.99), mostMs: at(1) };
}
