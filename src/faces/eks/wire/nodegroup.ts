/** Bodies of the requests that make and change a node group. */
import { type TSchema, Type } from 'typebox';
import { oneOf, shapeOf, Texts } from './shape.ts';

const optional = Type.Optional;

export const taintEffects = ['NO_SCHEDULE', 'NO_EXECUTE', 'PREFER_NO_SCHEDULE'] as const;

/** Nodes here are all alike: what kind of machine is asked for is given back as it was told. */
const amiTypes = [
  ...['AL2_x86_64', 'AL2_x86_64_GPU', 'AL2_ARM_64', 'CUSTOM', 'BOTTLEROCKET_ARM_64', 'BOTTLEROCKET_x86_64'],
  ...['BOTTLEROCKET_ARM_64_FIPS', 'BOTTLEROCKET_x86_64_FIPS', 'BOTTLEROCKET_ARM_64_NVIDIA', 'BOTTLEROCKET_x86_64_NVIDIA'],
  ...['BOTTLEROCKET_ARM_64_NVIDIA_FIPS', 'BOTTLEROCKET_x86_64_NVIDIA_FIPS', 'WINDOWS_CORE_2019_x86_64'],
  ...['WINDOWS_FULL_2019_x86_64', 'WINDOWS_CORE_2022_x86_64', 'WINDOWS_FULL_2022_x86_64', 'WINDOWS_CORE_2025_x86_64'],
  ...['WINDOWS_FULL_2025_x86_64', 'AL2023_x86_64_STANDARD', 'AL2023_ARM_64_STANDARD', 'AL2023_x86_64_NEURON'],
  ...['AL2023_x86_64_NVIDIA', 'AL2023_ARM_64_NVIDIA'],
];

const fromOne = Type.Integer({ minimum: 1 });
const fromZero = Type.Integer({ minimum: 0 });
const percent = Type.Integer({ minimum: 1, maximum: 100 });
const Labels = Type.Record(Type.String(), Type.String());

const Taint = Type.Object({
  key: Type.String({ minLength: 1, maxLength: 63 }),
  value: optional(Type.String({ maxLength: 63 })),
  effect: oneOf(taintEffects),
});
const Taints = Type.Array(Taint, { maxItems: 50 });

const Scaling = Type.Object({ minSize: optional(fromZero), maxSize: optional(fromOne), desiredSize: optional(fromZero) });

const UpdateConfig = Type.Object({
  maxUnavailable: optional(fromOne),
  maxUnavailablePercentage: optional(percent),
  updateStrategy: optional(oneOf(['DEFAULT', 'MINIMAL'])),
});

const NodeRepairConfig = Type.Object({
  enabled: optional(Type.Boolean()),
  maxUnhealthyNodeThresholdCount: optional(fromOne),
  maxUnhealthyNodeThresholdPercentage: optional(percent),
  maxParallelNodesRepairedCount: optional(fromOne),
  maxParallelNodesRepairedPercentage: optional(percent),
  nodeRepairConfigOverrides: optional(
    Type.Array(
      Type.Object({
        nodeMonitoringCondition: optional(Type.String()),
        nodeUnhealthyReason: optional(Type.String()),
        minRepairWaitTimeMins: optional(fromOne),
        repairAction: optional(oneOf(['Replace', 'Reboot', 'NoAction'])),
      }),
      { maxItems: 100 },
    ),
  ),
});

const LaunchTemplate = Type.Object({
  name: optional(Type.String()),
  version: optional(Type.String()),
  id: optional(Type.String()),
});
const clientRequestToken: TSchema = optional(Type.String());

export const readCreateNodegroup = shapeOf(
  Type.Object({
    nodegroupName: Type.String({ minLength: 1, maxLength: 63 }),
    subnets: Texts,
    nodeRole: Type.String(),
    scalingConfig: optional(Scaling),
    updateConfig: optional(UpdateConfig),
    nodeRepairConfig: optional(NodeRepairConfig),
    labels: optional(Labels),
    taints: optional(Taints),
    tags: optional(Type.Record(Type.String(), Type.String())),
    version: optional(Type.String()),
    releaseVersion: optional(Type.String()),
    amiType: optional(oneOf(amiTypes)),
    capacityType: optional(oneOf(['ON_DEMAND', 'SPOT', 'CAPACITY_BLOCK'])),
    instanceTypes: optional(Texts),
    diskSize: optional(fromOne),
    remoteAccess: optional(Type.Object({ ec2SshKey: optional(Type.String()), sourceSecurityGroups: optional(Texts) })),
    launchTemplate: optional(LaunchTemplate),
    warmPoolConfig: optional(Type.Object({ enabled: optional(Type.Boolean()) })),
    clientRequestToken,
  }),
);

export const readUpdateNodegroupConfig = shapeOf(
  Type.Object({
    labels: optional(Type.Object({ addOrUpdateLabels: optional(Labels), removeLabels: optional(Texts) })),
    taints: optional(Type.Object({ addOrUpdateTaints: optional(Taints), removeTaints: optional(Taints) })),
    scalingConfig: optional(Scaling),
    updateConfig: optional(UpdateConfig),
    nodeRepairConfig: optional(NodeRepairConfig),
    warmPoolConfig: optional(Type.Object({ enabled: optional(Type.Boolean()) })),
    clientRequestToken,
  }),
);

export const readUpdateNodegroupVersion = shapeOf(
  Type.Object({
    version: optional(Type.String()),
    releaseVersion: optional(Type.String()),
    launchTemplate: optional(LaunchTemplate),
    force: optional(Type.Boolean()),
    clientRequestToken,
  }),
);
