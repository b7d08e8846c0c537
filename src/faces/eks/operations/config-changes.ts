/** Which one type of change a request asks for, what is kept of it, and how its update tells of it. */
import type { KubernetesCluster } from '../../../domain/index.ts';
import type { Json } from '../call.ts';
import { type ApiError, fail } from '../errors.ts';
import { loggingOf, supportType, type VpcConfig, vpcConfigOf } from '../translate/cluster.ts';
import type { UpdateParam } from '../translate/update.ts';
import type { readUpdateClusterConfig } from '../wire/cluster.ts';
import { enabledLogs } from './logging.ts';

export type ConfigRequest = Exclude<ReturnType<typeof readUpdateClusterConfig>, ApiError>;

export interface ConfigChange {
  readonly type: string;
  /** Members of the description's `face` that it sets. */
  readonly face: Json;
  readonly params: readonly UpdateParam[];
}

type Way = (cluster: KubernetesCluster, request: ConfigRequest) => ConfigChange | ApiError | null;

export function changeOf(cluster: KubernetesCluster, request: ConfigRequest): ConfigChange | ApiError {
  const about = { clusterName: cluster.name };
  const found = ways.flatMap((way) => way(cluster, request) ?? []);
  const [first] = found;
  if (found.length > 1) return fail('InvalidParameterException', 'Only one type of update can be allowed.', about);
  return first ?? fail('InvalidParameterException', 'No type of update was given.', about);
}

const endpointAccess: Way = (cluster, { resourcesVpcConfig }) => {
  const { endpointPublicAccess, endpointPrivateAccess, publicAccessCidrs } = resourcesVpcConfig ?? {};
  const wanted = given({ endpointPublicAccess, endpointPrivateAccess, publicAccessCidrs });
  if (Object.keys(wanted).length === 0) return null;
  const before = vpcConfigOf(cluster);
  const after = { ...before, ...wanted };
  if (same(before, after))
    return fail(
      'InvalidParameterException',
      `Cluster is already at the desired configuration with endpointPrivateAccess: ${after.endpointPrivateAccess} , endpointPublicAccess: ${after.endpointPublicAccess}, and Public Endpoint Restrictions: [${after.publicAccessCidrs.join(', ')}]`,
      { clusterName: cluster.name },
    );
  if (!after.endpointPublicAccess && !after.endpointPrivateAccess)
    return fail('InvalidParameterException', 'Private and public endpoint access cannot be false', { clusterName: cluster.name });
  const params = [
    { type: 'EndpointPublicAccess', value: String(after.endpointPublicAccess) },
    { type: 'EndpointPrivateAccess', value: String(after.endpointPrivateAccess) },
    { type: 'PublicAccessCidrs', value: JSON.stringify(after.publicAccessCidrs) },
  ];
  return { type: 'EndpointAccessUpdate', face: { resourcesVpcConfig: after }, params };
};

const vpcConfig: Way = (cluster, { resourcesVpcConfig }) => {
  const { subnetIds, securityGroupIds } = resourcesVpcConfig ?? {};
  const wanted = given({ subnetIds, securityGroupIds });
  if (Object.keys(wanted).length === 0) return null;
  const after = { ...vpcConfigOf(cluster), ...wanted };
  const params = [
    { type: 'Subnets', value: JSON.stringify(after.subnetIds) },
    { type: 'SecurityGroups', value: JSON.stringify(after.securityGroupIds) },
  ];
  return { type: 'VpcConfigUpdate', face: { resourcesVpcConfig: after }, params };
};

const controlPlaneEgress: Way = (cluster, { resourcesVpcConfig }) => {
  const { controlPlaneEgressMode } = resourcesVpcConfig ?? {};
  if (controlPlaneEgressMode === undefined) return null;
  const face = { resourcesVpcConfig: { ...vpcConfigOf(cluster), controlPlaneEgressMode } };
  return { type: 'ControlPlaneEgressUpdate', face, params: [{ type: 'ControlPlaneEgressMode', value: controlPlaneEgressMode }] };
};

const logging: Way = (cluster, request) => {
  if (request.logging === undefined) return null;
  const before = enabledLogs(cluster.spec.face.enabledLogs, []);
  const after = enabledLogs(before, request.logging.clusterLogging ?? []);
  if (same(before, after))
    return fail('InvalidParameterException', 'No changes needed for the logging config provided', { clusterName: cluster.name });
  const params = [{ type: 'ClusterLogging', value: JSON.stringify(loggingOf(after)) }];
  return { type: 'LoggingUpdate', face: { enabledLogs: after }, params };
};

const accessConfig: Way = (cluster, request) => {
  const mode = request.accessConfig?.authenticationMode;
  if (request.accessConfig === undefined) return null;
  if (mode === undefined)
    return fail('InvalidParameterException', 'accessConfig.authenticationMode is required.', { clusterName: cluster.name });
  const face = { accessConfig: { ...(cluster.spec.face.accessConfig as Json | undefined), authenticationMode: mode } };
  return { type: 'AccessConfigUpdate', face, params: [{ type: 'AuthenticationMode', value: mode }] };
};

const upgradePolicy: Way = (cluster, { upgradePolicy: wanted }) => {
  if (wanted === undefined) return null;
  const face = { upgradePolicy: { supportType: wanted.supportType ?? supportType(cluster) } };
  return { type: 'UpgradePolicyUpdate', face, params: [{ type: 'UpgradePolicy', value: JSON.stringify(face.upgradePolicy) }] };
};

const zonalShift: Way = (_, { zonalShiftConfig }) => {
  if (zonalShiftConfig === undefined) return null;
  const params = [{ type: 'ZonalShiftConfig', value: JSON.stringify(zonalShiftConfig) }];
  return { type: 'ZonalShiftConfigUpdate', face: { zonalShiftConfig }, params };
};

const remoteNetwork: Way = (_, { remoteNetworkConfig }) => {
  if (remoteNetworkConfig === undefined) return null;
  const params = [{ type: 'RemoteNetworkConfig', value: JSON.stringify(remoteNetworkConfig) }];
  return { type: 'RemoteNetworkConfigUpdate', face: { remoteNetworkConfig }, params };
};

const deletionProtection: Way = (_, { deletionProtection: wanted }) => {
  if (wanted === undefined) return null;
  const params = [{ type: 'DeletionProtection', value: String(wanted) }];
  return { type: 'DeletionProtectionUpdate', face: { deletionProtection: wanted }, params };
};

const scaling: Way = (cluster, { controlPlaneScalingConfig }) => {
  const tier = controlPlaneScalingConfig?.tier;
  if (tier === undefined) return null;
  const before = (cluster.spec.face.controlPlaneScalingConfig as { readonly tier?: string } | undefined)?.tier ?? 'standard';
  const params = [
    { type: 'UpdatedTier', value: tier },
    { type: 'PreviousTier', value: before },
  ];
  return { type: 'ControlPlaneScalingConfigUpdate', face: { controlPlaneScalingConfig: { tier } }, params };
};

/** The three parts of Auto Mode are one type. Switched off they are what they are here anyway. */
const autoMode: Way = (cluster, { computeConfig, storageConfig, kubernetesNetworkConfig }) => {
  if (computeConfig === undefined && storageConfig === undefined && kubernetesNetworkConfig === undefined) return null;
  const about = { clusterName: cluster.name };
  const on = [
    computeConfig?.enabled,
    storageConfig?.blockStorage?.enabled,
    kubernetesNetworkConfig?.elasticLoadBalancing?.enabled,
  ];
  return on.includes(true)
    ? fail('InvalidRequestException', 'EKS Auto Mode is not offered here.', about)
    : fail('InvalidRequestException', 'No changes needed for EKS Auto Mode configuration provided.', about);
};

const componentConfig: Way = (cluster, { kubeApiServerConfig, kubeSchedulerConfig, kubeControllerManagerConfig }) => {
  const configs = [kubeApiServerConfig, kubeSchedulerConfig, kubeControllerManagerConfig];
  if (configs.every((config) => config === undefined)) return null;
  const about = { clusterName: cluster.name };
  return fail('InvalidRequestException', 'The configuration of control plane components is not offered here.', about);
};

const ways: readonly Way[] = [
  ...[endpointAccess, vpcConfig, controlPlaneEgress, logging, accessConfig, upgradePolicy, zonalShift],
  ...[remoteNetwork, deletionProtection, scaling, autoMode, componentConfig],
];

function given<T extends object>(members: T): Partial<VpcConfig> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
