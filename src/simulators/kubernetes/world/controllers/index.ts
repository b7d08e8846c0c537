/**
 * What a leading controller manager, scheduler and the kubelets do about objects: once a while after something changed, and
 * again until nothing changes.
 * It does not know: who made the change, which process leads.
 */
import { schedule } from '../clock.ts';
import type { Moment, ResourceKey, World } from '../model.ts';
import { countBudgets } from './budgets.ts';
import { taintCordoned } from './cordons.ts';
import { establishDefinitions, judgeApiServices } from './extensions.ts';
import { emptyNamespaces, followOwners, giveAccounts } from './garbage.ts';
import { endPods, startPods } from './kubelets.ts';
import { schedulePods } from './scheduler.ts';
import { tellEndpoints } from './services.ts';
import { followWorkloads } from './workloads.ts';

/** Between a change and what follows from it. */
const reactMs = 50;
/** A change of anything else has no consequences here. */
const followed = new Set<ResourceKey>([
  '/pods',
  '/nodes',
  '/namespaces',
  '/services',
  'apps/deployments',
  'apps/replicasets',
  'apps/statefulsets',
  'apps/daemonsets',
  'policy/poddisruptionbudgets',
  'apiextensions.k8s.io/customresourcedefinitions',
  'apiregistration.k8s.io/apiservices',
]);

/** Has the controllers look soon, if it concerns them. */
export function followUp(world: World, resource: ResourceKey): void {
  if (followed.has(resource)) schedule(world, { atMs: world.nowMs + reactMs, name: 'controllers', happen: reconcile });
}

/** Who leads changed, or etcd answers again: everything is looked at. */
export function setControllers(world: World, leads: { readonly manager?: boolean; readonly scheduler?: boolean }): void {
  world.controllers.manager = leads.manager ?? world.controllers.manager;
  world.controllers.scheduler = leads.scheduler ?? world.controllers.scheduler;
  schedule(world, { atMs: world.nowMs + reactMs, name: 'controllers', happen: reconcile });
}

/** What `etcd` says. When it answers again, the controllers look at everything. */
export function setEtcd(world: World, state: { readonly quorum?: boolean; readonly noSpace?: boolean }): void {
  world.etcd.quorum = state.quorum ?? world.etcd.quorum;
  world.etcd.noSpace = state.noSpace ?? world.etcd.noSpace;
  schedule(world, { atMs: world.nowMs + reactMs, name: 'controllers', happen: reconcile });
}

function reconcile(world: World, moment: Moment): void {
  if (!world.etcd.quorum || world.etcd.noSpace) return;
  establishDefinitions(world, moment);
  judgeApiServices(world, moment);
  if (world.controllers.manager) {
    followOwners(world, moment);
    emptyNamespaces(world, moment);
    giveAccounts(world, moment);
    followWorkloads(world, moment);
    taintCordoned(world, moment);
  }
  if (world.controllers.scheduler) schedulePods(world, moment);
  startPods(world, moment);
  endPods(world, moment);
  if (world.controllers.manager) {
    tellEndpoints(world, moment);
    countBudgets(world, moment);
  }
}
