import type { ElasticsearchCluster, EngineIo, Known } from '../../../domain/index.ts';
import { type Answer, ask, trouble } from '../client/index.ts';
import type { Read } from './answers.ts';

/** What a probe may take: a dry run that waits longer than this for a side question answers without it, and says so. */
const probeTimeoutMs = 1_500;

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

export function unknown(because: string): Known<never> {
  return { known: false, because, absent: false };
}

/** This version or distribution does not have it. */
export function absent(because: string): Known<never> {
  return { known: false, because, absent: true };
}

/** One GET that the answer to a side question is read from. */
export function probe(cluster: ElasticsearchCluster, io: EngineIo, path: string): Promise<Answer> {
  return ask(cluster, io, { method: 'GET', path, timeoutMs: probeTimeoutMs });
}

/** For calls that every version has: what was not answered is unknown. */
export function mustHave<T, V>(read: Read<T>, value: (read: T) => V): Known<V> {
  if (read.kind === 'read') return known(value(read.value));
  return unknown(read.kind === 'unfit' ? read.because : trouble(read.answer));
}

/**
 * For calls that a version or distribution may lack. Lacking looks like 400, 404 or 405, or like a 200 that says
 * something else, by version; every other refusal leaves it unknown.
 */
export function mayHave<T, V>(what: string, read: Read<T>, value: (read: T) => V): Known<V> {
  if (read.kind === 'read') return known(value(read.value));
  if (read.kind === 'unfit') return absent(`this distribution has no ${what}`);
  const { answer } = read;
  return answer.kind === 'failed' && [400, 404, 405].includes(answer.status)
    ? absent(`this distribution has no ${what}`)
    : unknown(`${what}: ${trouble(answer)}`);
}
