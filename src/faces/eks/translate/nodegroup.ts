import type { NodegroupView } from '../../../control/index.ts';
import type { NodegroupSpec } from '../../../domain/index.ts';
import { nodegroupArn, type Place } from '../arn.ts';
import type { Json } from '../call.ts';
import type { taintEffects } from '../wire/nodegroup.ts';
import { seconds } from './moment.ts';
import { releaseVersion } from './update.ts';

export type NodegroupStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | 'DEGRADED';
export type TaintEffect = (typeof taintEffects)[number];

/** As this API writes them, and as Kubernetes does. */
const effects: Readonly<Record<TaintEffect, string>> = {
  NO_SCHEDULE: 'NoSchedule',
  NO_EXECUTE: 'NoExecute',
  PREFER_NO_SCHEDULE: 'PreferNoSchedule',
};

export interface ShownTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: TaintEffect;
}

export function taintOf({ key, value, effect }: ShownTaint): NodegroupSpec['taints'][number] {
  return { key, value: value ?? '', effect: effects[effect] };
}

export function shownTaint({ key, value, effect }: NodegroupSpec['taints'][number]): ShownTaint {
  const shown = (Object.keys(effects) as TaintEffect[]).find((name) => effects[name] === effect);
  return { key, value, effect: shown ?? 'NO_SCHEDULE' };
}

/** Nodes that are wanted; the place for one more beside them is not. */
export function desiredSize(group: NodegroupSpec): number {
  return group.nodes.filter(({ surge }) => !surge).length;
}

/** Every member that the API has for a node group; what is not known is null. */
export function nodegroupShape(place: Place, clusterName: string, view: NodegroupView, status: NodegroupStatus): Json {
  const { group } = view;
  const { face, release } = group;
  const id = String(face.id ?? '');
  return {
    nodegroupName: group.name,
    nodegroupArn: nodegroupArn(place, clusterName, group.name, id),
    clusterName,
    version: release.version,
    releaseVersion: release.build === null ? release.version : releaseVersion(release.version, release.build),
    createdAt: seconds(group.createdAt),
    modifiedAt: seconds(group.modifiedAt),
    status,
    capacityType: face.capacityType ?? 'ON_DEMAND',
    scalingConfig: { minSize: group.minSize, maxSize: group.maxSize, desiredSize: desiredSize(group) },
    instanceTypes: face.instanceTypes ?? null,
    subnets: face.subnets ?? [],
    remoteAccess: face.remoteAccess ?? null,
    amiType: face.amiType ?? null,
    nodeRole: face.nodeRole ?? null,
    labels: group.labels,
    taints: group.taints.map(shownTaint),
    resources: { autoScalingGroups: [{ name: `eks-${group.name}-${id}` }], remoteAccessSecurityGroup: null },
    diskSize: face.diskSize ?? null,
    health: { issues: issuesOf(view, status) },
    updateConfig: face.updateConfig ?? { maxUnavailable: group.maxUnavailable },
    nodeRepairConfig: face.nodeRepairConfig ?? { enabled: false },
    launchTemplate: face.launchTemplate ?? null,
    tags: group.tags,
  };
}

function issuesOf({ group, ready }: NodegroupView, status: NodegroupStatus): readonly Json[] {
  if (status !== 'DEGRADED') return [];
  const message = `${ready} of ${desiredSize(group)} nodes are ready.`;
  return [
    { code: 'NodeCreationFailure', message, resourceIds: group.nodes.filter(({ surge }) => !surge).map(({ name }) => name) },
  ];
}
