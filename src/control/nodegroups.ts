import type { Caller, ClusterSpec, NodegroupChanged, NodegroupRules } from '../domain/index.ts';
import type { NodegroupEnd } from './control.ts';
import { type ControlParts, engineOf } from './parts.ts';
import { ownCluster } from './views.ts';

/** Changes the description by the engine's rules; what it asks for is done by the upkeep behind. */
export async function changeNodegroups(
  parts: ControlParts,
  caller: Caller,
  clusterId: string,
  change: (rules: NodegroupRules, spec: ClusterSpec) => NodegroupChanged,
): Promise<NodegroupEnd> {
  const cluster = await ownCluster(parts, caller, clusterId);
  if (cluster === undefined) return { kind: 'not-found' };
  const rules = engineOf(parts, cluster).engine.nodegroups;
  if (rules === undefined) return { kind: 'refused', because: [`A cluster of ${cluster.engine} has no node groups.`] };
  // The places of an upgrade in hand must not change under it.
  if ((await parts.store.unfinishedUpgrade(cluster.id)) !== undefined) return { kind: 'upgrade-unfinished' };
  let ended: NodegroupChanged = { kind: 'no-such-group' };
  const written = await parts.store.changeSpec(
    cluster.id,
    (spec) => {
      ended = change(rules, spec);
      return ended.kind === 'changed' ? ended.spec : null;
    },
    parts.io.now(),
  );
  if (written === undefined) return { kind: 'not-found' };
  return asEnd(ended, written);
}

function asEnd(ended: NodegroupChanged, cluster: Extract<NodegroupEnd, { kind: 'changed' }>['cluster']): NodegroupEnd {
  return ended.kind === 'changed' ? { kind: 'changed', cluster } : ended;
}
