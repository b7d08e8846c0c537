import type { ClusterView } from '../../../control/index.ts';

export type InstanceStatus = 'active' | 'activating' | 'inactive' | 'invalid' | 'suspended';

const statuses = {
  // Of Kubernetes alone, which this API does not show.
  awaited: 'activating',
  creating: 'activating',
  active: 'active',
  upgrading: 'activating',
  // A gate is part of a change that takes effect: ListActionRecords says that it waits.
  gated: 'activating',
  paused: 'suspended',
  stopped: 'invalid',
  failed: 'invalid',
  deleting: 'inactive',
} as const satisfies Record<ClusterView['status'], InstanceStatus>;

export function instanceStatus(view: ClusterView): InstanceStatus {
  return view.cluster.deleteAfter !== null ? 'inactive' : statuses[view.status];
}
