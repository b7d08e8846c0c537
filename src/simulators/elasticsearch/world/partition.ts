import { leave } from './membership.ts';
import type { Moment, SimProcess, World } from './model.ts';

/** Cuts a node off from the others: it runs on, is in no cluster, and looks for one. */
export function isolate(world: World, node: SimProcess, moment: Moment): void {
  world.isolated.add(node.name);
  const cluster = world.clusters.get(node.clusterName);
  if (cluster === undefined || node.phase.at !== 'joined') return;
  leave(world, cluster, node, moment);
  node.phase = { at: 'joining', sinceMs: moment.nowMs };
  node.log.push('master left, no other node is reached');
}

export function reunite(world: World, name: string): void {
  world.isolated.delete(name);
}
