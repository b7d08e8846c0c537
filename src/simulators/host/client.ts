import { Value } from 'typebox/value';
import type { Host, Http } from '../../domain/index.ts';
import { type Answered, type Asked, contract, type Method } from './contract.ts';

/** A simulated host answers quickly unless it is told to wait: then it is waited for this much longer. */
const requestTimeoutMs = 30_000;
/** What is asked while somebody waits for the answer to a request of his own, who would else give up before he was told. */
const quickTimeoutMs = 10_000;
/** Longer than any prefetch of a simulated host; a real one may take an hour. */
const prefetchTimeoutMs = 10 * 60_000;

export interface SimulatedHostOptions {
  /** Base URL of the simulator, `http://127.0.0.1:7300`. */
  readonly url: string;
  readonly http: Http;
}

/** The Host contract, carried out by a simulator that lives in another process. */
export function createSimulatedHost({ url, http }: SimulatedHostOptions): Host {
  async function ask<M extends Method>(method: M, asked: Asked<M>, timeoutMs = requestTimeoutMs): Promise<Answered<M>> {
    const response = await http({
      method: 'POST',
      url: `${url.replace(/\/$/, '')}/host/${method}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asked),
      timeoutMs,
    });
    if (response.status !== 200)
      throw new Error(`the simulated host answered ${method} with HTTP ${response.status}: ${response.body.slice(0, 300)}`);
    const answer: unknown = JSON.parse(response.body);
    if (!Value.Check(contract[method].answers, answer))
      throw new Error(`the simulated host answered ${method} with something else: ${response.body.slice(0, 300)}`);
    return answer as Answered<M>;
  }

  // What is read-only here is a plain list on the wire; copying says so to the compiler and to nobody else.
  const plain = <T>(value: unknown): T => value as T;
  return {
    kind: 'simulated',
    facts: (clusterId) => ask('facts', { clusterId }),
    generationOf: (clusterId) => ask('generationOf', { clusterId }),
    prefetch: async (ticket, release, artefacts, signal) => {
      if (signal.aborted) return { kind: 'failed', says: 'It was called off.', lastLines: [] };
      return ask('prefetch', { ticket, release, artefacts: plain(artefacts) }, prefetchTimeoutMs);
    },
    describe: (clusterId, member) => ask('describe', { clusterId, member }),
    adopt: (ticket, member, pid, release) => ask('adopt', { ticket, member, pid, release }),
    stop: (ticket, member, identity, stopTimeoutMs) =>
      ask('stop', { ticket, member, identity, stopTimeoutMs }, stopTimeoutMs + requestTimeoutMs),
    start: (ticket, launch) => ask('start', { ticket, launch: plain(launch) }),
    run: (ticket, member, command, timeoutMs) =>
      ask('run', { ticket, member, command: [...command], timeoutMs }, timeoutMs + requestTimeoutMs),
    trial: async (launch, limits, signal) => {
      if (signal.aborted) return { kind: 'could-not-run', because: 'it was called off' };
      return ask('trial', { launch: plain(launch), limits }, limits.timeoutMs + requestTimeoutMs);
    },
    freeLoopbackBlock: async (ports, taken) =>
      (await ask('freeLoopbackBlock', { ports: [...ports], taken: [...taken] }, quickTimeoutMs)).block,
    freePorts: (count) => ask('freePorts', { count }, quickTimeoutMs),
    troublesWithTags: (engine, tags) => ask('troublesWithTags', { engine, tags: { ...tags } }, quickTimeoutMs),
    launches: (clusterId, member) => ask('launches', { clusterId, member }),
    erase: (ticket, member) => ask('erase', { ticket, member }),
  };
}
