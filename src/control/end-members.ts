/** Ends what runs of a cluster that could not be made. Its folders stay: what its members said is in them. */
import type { Cluster, EngineMember } from '../domain/index.ts';
import { limits } from './limits.ts';
import { type ControlParts, engineOf } from './parts.ts';

/** Layer after layer from the top: who loses what it needs may take a minute to end. */
export function layersFromTop(members: readonly EngineMember[]): readonly (readonly EngineMember[])[] {
  const layers = [...new Set(members.map(({ layer = 0 }) => layer))].sort((a, b) => b - a);
  return layers.map((wanted) => members.filter(({ layer = 0 }) => layer === wanted));
}

/** Gives a sentence for each member that may still run. */
export async function endMembers(parts: ControlParts, cluster: Cluster, closing: AbortSignal): Promise<readonly string[]> {
  const left: string[] = [];
  for (const layer of layersFromTop(engineOf(parts, cluster).engine.members(cluster)))
    left.push(...(await Promise.all(layer.map((member) => endMember(parts, cluster, member, closing)))).flat());
  return left;
}

async function endMember(
  parts: ControlParts,
  cluster: Cluster,
  { name, host: key }: EngineMember,
  closing: AbortSignal,
): Promise<readonly string[]> {
  const host = parts.io.hosts(key);
  if (host === undefined) return [];
  let says = `${name} is still being started.`;
  for (let attempt = 0; attempt < limits.endAttempts && !closing.aborted; attempt += 1) {
    const process = await host.describe(cluster.id, name);
    if (process.state === 'stopped' || process.state === 'absent') return [];
    if (process.state === 'running') {
      const ticket = { clusterId: cluster.id, generation: await host.generationOf(cluster.id) };
      const ended = await host.stop(ticket, name, process.identity, limits.endStopTimeoutMs);
      if (ended.kind === 'done') return [];
      says = `${name} still runs: ${ended.says}`;
    } else if (process.state === 'unknown') says = `${name} may still run: ${process.because}`;
    await parts.io.pause(limits.endRetryMs, closing);
  }
  return [says];
}
