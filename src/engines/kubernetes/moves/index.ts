/**
 * Moves: each performs one small action, dull and idempotent, guarded by the identities it was decided for.
 * They do not know: why a move was chosen, what comes next.
 */
import type { ActName } from '../decide/acts.ts';
import { fenced } from './fence.ts';
import { replaceMember, startMember, stopSurge } from './members.ts';
import type { Perform } from './move.ts';
import { moveEtcdLeader } from './move-etcd-leader.ts';
import { cordon, uncordon } from './node-object.ts';
import { removeNode, replaceNode, startNode } from './nodes.ts';
import { deletePods, evictPods } from './pods.ts';
import { prefetch } from './prefetch.ts';
import { rewriteStorage } from './rewrite-storage.ts';
import { snapshotEtcd } from './snapshot-etcd.ts';

const performs: Readonly<Record<ActName, Perform>> = {
  prefetch,
  'snapshot-etcd': snapshotEtcd,
  'move-etcd-leader': moveEtcdLeader,
  'replace-member': replaceMember,
  'start-member': startMember,
  'start-surge': startMember,
  'stop-surge': stopSurge,
  'rewrite-storage': rewriteStorage,
  cordon,
  uncordon,
  'evict-pods': evictPods,
  'delete-pods': deletePods,
  'start-node': startNode,
  'replace-node': replaceNode,
  'remove-node': removeNode,
};

export const moves: Readonly<Record<ActName, Perform>> = Object.fromEntries(
  Object.entries(performs).map(([name, perform]) => [name, fenced(perform)]),
) as Record<ActName, Perform>;

export function isAct(name: string): name is ActName {
  return Object.hasOwn(moves, name);
}

export type { Act, Perform } from './move.ts';
