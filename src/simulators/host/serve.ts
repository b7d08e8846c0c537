import { Value } from 'typebox/value';
import type { Host } from '../../domain/index.ts';
import type { Gate, HeldAct } from '../hold.ts';
import type { Answer } from '../http.ts';
import { type Asked, contract, isMethod, type Method } from './contract.ts';

type Handlers = { readonly [M in Method]: (asked: Asked<M>, signal: AbortSignal) => Promise<unknown> };

/** What changes something on a host, as faults name it. */
const held: ReadonlySet<Method> = new Set<Method>(['prefetch', 'stop', 'start', 'run', 'adopt', 'erase']);

/** Answers one call of the Host contract. */
export async function answerHost(host: Host, gate: Gate, path: string, body: string, signal: AbortSignal): Promise<Answer> {
  const method = path.replace(/^\/host\//, '');
  if (!isMethod(method)) return { status: 404, body: { error: `a host has no ${method}` } };
  const asked: unknown = parse(body);
  if (!Value.Check(contract[method].asks, asked)) {
    const errors = [...Value.Errors(contract[method].asks, asked)].map((error) => `${error.instancePath}: ${error.message}`);
    return { status: 400, body: { error: errors.join('; ') } };
  }
  const handle = handlersOf(host)[method] as (asked: unknown, signal: AbortSignal) => Promise<unknown>;
  const perform = async (): Promise<Answer> => ({ status: 200, body: await handle(asked, signal) });
  return held.has(method) ? gate.pass(actOf(method, asked), perform) : perform();
}

function handlersOf(host: Host): Handlers {
  return {
    facts: ({ clusterId }) => host.facts(clusterId),
    generationOf: ({ clusterId }) => host.generationOf(clusterId),
    prefetch: ({ ticket, release, artefacts }, signal) => host.prefetch(ticket, release, artefacts, signal),
    describe: ({ clusterId, member }) => host.describe(clusterId, member),
    adopt: ({ ticket, member, pid, release }) => host.adopt(ticket, member, pid, release),
    stop: ({ ticket, member, identity, stopTimeoutMs }) => host.stop(ticket, member, identity, stopTimeoutMs),
    start: ({ ticket, launch }) => host.start(ticket, launch),
    run: ({ ticket, member, command, timeoutMs }) => host.run(ticket, member, command, timeoutMs),
    trial: ({ launch, limits }, signal) => host.trial(launch, limits, signal),
    freeLoopbackBlock: async ({ ports, taken }) => ({ block: await host.freeLoopbackBlock(ports, taken) }),
    freePorts: ({ count }) => host.freePorts(count),
    troublesWithTags: async ({ engine, tags }) => (await host.troublesWithTags?.(engine, tags)) ?? [],
    launches: ({ clusterId, member }) => host.launches(clusterId, member),
    erase: ({ ticket, member }) => host.erase(ticket, member),
  };
}

function actOf(method: Method, asked: unknown): HeldAct {
  const { ticket, member, launch, release } = asked as Partial<Asked<'stop'> & Asked<'start'> & Asked<'prefetch'>>;
  const about = launch?.release ?? release;
  return {
    what: `host.${method}`,
    cluster: ticket?.clusterId ?? '',
    member: member ?? launch?.member ?? null,
    detail: about?.version ?? '',
    ...(about === undefined ? {} : { release: about }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
