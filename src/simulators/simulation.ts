import { performance } from 'node:perf_hooks';
import { ClusterWorlds, type Kept } from './cluster-worlds.ts';
import { seededRandom } from './dice.ts';
import { createGate } from './hold.ts';
import { answerHost } from './host/serve.ts';
import { SimulatedHost } from './host/simulated-host.ts';
import { listenOn } from './http.ts';
import { newJournal } from './journal.ts';
import { createPorts } from './ports.ts';
import type { Program } from './program.ts';

export interface SimulationOptions {
  /** Port of the Host contract; 0: any. */
  readonly port: number;
  readonly seed: number;
  readonly portSeed: number;
  readonly programs: readonly Program[];
  readonly kept: Kept;
}

export interface Simulation {
  /** What a configuration names as the `url` of a host of kind `simulated`. */
  readonly url: string;
  readonly port: number;
  /** Clusters that something was started of. */
  clusters(): number;
  /** Milliseconds since anybody asked the host anything. */
  quietMs(): number;
  close(): Promise<void>;
}

/** A simulated host on loopback with a world for each cluster. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  // Whole, because moments are told as the real thing tells them.
  const nowMs = () => Math.floor(performance.timeOrigin + performance.now());
  const freePorts = createPorts(seededRandom(options.portSeed));
  const journal = newJournal();
  const worlds = new ClusterWorlds({ ...options, nowMs, freePorts });
  await worlds.resume();
  const host = new SimulatedHost({ worlds, journal, nowMs, freePorts, fetch: async () => undefined });
  const gate = createGate(() => null);
  let askedMs = nowMs();
  const contract = await listenOn(options.port, ({ url, body, signal }) => {
    askedMs = nowMs();
    return answerHost(host, gate, url.pathname, body, signal);
  });
  return {
    url: `http://127.0.0.1:${contract.port}`,
    port: contract.port,
    clusters: () => worlds.size,
    quietMs: () => nowMs() - askedMs,
    close: async () => {
      await contract.close();
      await worlds.close();
    },
  };
}
