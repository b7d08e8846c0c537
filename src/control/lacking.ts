/** What hosts would need for members that are to be started and cannot get by themselves: found before anything is made. */
import type { Cluster, EngineMember, Release } from '../domain/index.ts';
import { type ControlParts, engineOf } from './parts.ts';

export const simulateInstead = 'A server that is started with --simulate makes clusters without any of it.';

/** Each sentence once, whichever members it is about. */
export async function lackingFor(
  parts: Pick<ControlParts, 'engines' | 'io'>,
  cluster: Cluster,
  members: readonly EngineMember[],
  release: Release,
): Promise<readonly string[]> {
  const { engine, catalog } = engineOf(parts, cluster);
  const told = await Promise.all(
    members.map(async ({ name, host }) => {
      const launch = engine.launch(cluster, catalog, name, release, { kind: 'first' });
      return (await parts.io.hosts(host)?.lacks?.(launch)) ?? [];
    }),
  );
  return [...new Set(told.flat())];
}
