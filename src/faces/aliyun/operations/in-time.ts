import type { FaceParts } from '../call.ts';

/** The official SDKs give up after 3 s: what takes longer goes on behind an answer that says so. */
export async function inTime<T>(parts: FaceParts, work: Promise<T>, limitMs: number, about: string): Promise<T | 'late'> {
  const ended = await Promise.race([work, parts.pause(limitMs).then(() => 'late' as const)]);
  if (ended === 'late')
    work.catch((error: unknown) => parts.log.warn({ err: error }, `${about}, answered before its end, failed.`));
  return ended;
}
