import { createHash } from 'node:crypto';
import type { ClusterView } from '../../../control/index.ts';
import type { KubernetesCluster } from '../../../domain/index.ts';
import { clusterArn } from '../arn.ts';
import type { Json } from '../call.ts';
import type { EksView } from '../operations/own-cluster.ts';
import { connectorConfig } from './connector.ts';
import { seconds } from './moment.ts';

export type ClusterStatus = 'CREATING' | 'ACTIVE' | 'DELETING' | 'FAILED' | 'UPDATING' | 'PENDING';

/** `stopped`: nothing runs until somebody asks for it, and the cluster serves. */
const statuses = {
  awaited: 'PENDING',
  creating: 'CREATING',
  active: 'ACTIVE',
  upgrading: 'UPDATING',
  paused: 'UPDATING',
  gated: 'UPDATING',
  stopped: 'ACTIVE',
  failed: 'FAILED',
  deleting: 'DELETING',
} as const satisfies Record<ClusterView['status'], ClusterStatus>;

/** `lifting`: what the unfinished upgrade lifts. A cluster whose nodes alone are replaced is active. */
export function clusterStatus(view: EksView, lifting: 'the-cluster' | 'a-nodegroup'): ClusterStatus {
  if (view.cluster.deleteAfter !== null) return 'DELETING';
  const status = statuses[view.status];
  return status === 'UPDATING' && lifting === 'a-nodegroup' ? 'ACTIVE' : status;
}

export const logTypes = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;

/** Every member that the API has for a cluster; what is not known is null. */
export function clusterShape(view: EksView, status: ClusterStatus): Json {
  const { cluster, release } = view;
  const { face, endpoint } = cluster.spec;
  return {
    name: cluster.name,
    arn: clusterArn(cluster, cluster.name),
    createdAt: seconds(cluster.createdAt),
    version: release.version,
    endpoint,
    roleArn: face.roleArn ?? null,
    resourcesVpcConfig: vpcConfig(cluster),
    kubernetesNetworkConfig: {
      serviceIpv4Cidr: cluster.spec.serviceCidr,
      serviceIpv6Cidr: null,
      ipFamily: 'ipv4',
      elasticLoadBalancing: { enabled: false },
    },
    logging: loggingOf(face.enabledLogs),
    identity: null,
    status,
    certificateAuthority: { data: Buffer.from(cluster.secrets['ca.crt'] ?? '').toString('base64') },
    clientRequestToken: face.clientRequestToken ?? null,
    platformVersion: release.build,
    tags: cluster.tags,
    encryptionConfig: face.encryptionConfig ?? null,
    connectorConfig: connectorConfig(cluster),
    id: null,
    health: { issues: issuesOf(view) },
    outpostConfig: null,
    accessConfig: {
      bootstrapClusterCreatorAdminPermissions: null,
      authenticationMode: 'CONFIG_MAP',
      ...(face.accessConfig as Json | undefined),
    },
    upgradePolicy: { supportType: supportType(cluster) },
    zonalShiftConfig: face.zonalShiftConfig ?? null,
    remoteNetworkConfig: face.remoteNetworkConfig ?? null,
    computeConfig: face.computeConfig ?? null,
    storageConfig: face.storageConfig ?? null,
    deletionProtection: face.deletionProtection === true,
    controlPlaneScalingConfig: face.controlPlaneScalingConfig ?? { tier: 'standard' },
    kubeApiServerConfig: null,
    kubeSchedulerConfig: null,
    kubeControllerManagerConfig: null,
  };
}

export function supportType({ spec }: KubernetesCluster): string {
  return (spec.face.upgradePolicy as { readonly supportType?: string } | undefined)?.supportType ?? 'EXTENDED';
}

export const usualVpcConfig = {
  subnetIds: [] as readonly string[],
  securityGroupIds: [] as readonly string[],
  endpointPublicAccess: true,
  endpointPrivateAccess: false,
  publicAccessCidrs: ['0.0.0.0/0'] as readonly string[],
  controlPlaneEgressMode: 'AWS_MANAGED',
};
export type VpcConfig = typeof usualVpcConfig;

/** As it was told, completed with what is usual. */
export function vpcConfigOf({ spec }: KubernetesCluster): VpcConfig {
  return { ...usualVpcConfig, ...(spec.face.resourcesVpcConfig as Partial<VpcConfig> | undefined) };
}

function vpcConfig(cluster: KubernetesCluster): Json {
  const { subnetIds, securityGroupIds, ...access } = vpcConfigOf(cluster);
  return {
    subnetIds,
    securityGroupIds,
    clusterSecurityGroupId: madeUpId('sg', cluster.id),
    vpcId: madeUpId('vpc', cluster.id),
    ...access,
  };
}

/** There is no VPC. Tools print the ids of one and stumble where there is none. */
function madeUpId(kind: string, clusterId: string): string {
  return `${kind}-${createHash('sha256').update(`${kind} ${clusterId}`).digest('hex').slice(0, 17)}`;
}

/** Both halves of the list, as far as there is something in them. */
export function loggingOf(enabledLogs: unknown): Json {
  const enabled = logTypes.filter((type) => Array.isArray(enabledLogs) && enabledLogs.includes(type));
  const others = logTypes.filter((type) => !enabled.includes(type));
  return {
    clusterLogging: [
      { types: enabled, enabled: true },
      { types: others, enabled: false },
    ].filter(({ types }) => types.length > 0),
  };
}

function issuesOf({ cluster, status, upgrade }: EksView): readonly Json[] {
  const issue = (message: string, resourceIds: readonly string[]) => ({ code: 'Other', message, resourceIds });
  const { provisioning } = cluster;
  if (provisioning.state === 'failed') return [issue(provisioning.because, [cluster.id])];
  if (provisioning.state === 'creating') return provisioning.says === undefined ? [] : [issue(provisioning.says, [cluster.id])];
  const reason = status === 'stopped' ? (upgrade?.reason ?? null) : null;
  return reason === null ? [] : [issue(`${reason.says} ${reason.clearedBy}`, [reason.subject])];
}
