/** Bodies of the requests that make and change a cluster. */
import { Type } from 'typebox';
import { logTypes } from '../translate/cluster.ts';
import { oneOf, shapeOf, Texts } from './shape.ts';

const optional = Type.Optional;

const VpcConfig = Type.Object({
  subnetIds: optional(Texts),
  securityGroupIds: optional(Texts),
  endpointPublicAccess: optional(Type.Boolean()),
  endpointPrivateAccess: optional(Type.Boolean()),
  publicAccessCidrs: optional(Texts),
  controlPlaneEgressMode: optional(oneOf(['AWS_MANAGED', 'CUSTOMER_ROUTED', 'CUSTOMER_ISOLATED'])),
});

const Logging = Type.Object({
  clusterLogging: optional(
    Type.Array(Type.Object({ types: optional(Type.Array(oneOf(logTypes))), enabled: optional(Type.Boolean()) })),
  ),
});

const authenticationMode = optional(oneOf(['API', 'API_AND_CONFIG_MAP', 'CONFIG_MAP']));
const UpgradePolicy = Type.Object({ supportType: optional(oneOf(['STANDARD', 'EXTENDED'])) });
const Switch = Type.Object({ enabled: optional(Type.Boolean()) });
const Networks = Type.Array(Type.Object({ cidrs: optional(Texts) }), { maxItems: 1 });

const shared = {
  resourcesVpcConfig: optional(VpcConfig),
  logging: optional(Logging),
  upgradePolicy: optional(UpgradePolicy),
  zonalShiftConfig: optional(Switch),
  remoteNetworkConfig: optional(Type.Object({ remoteNodeNetworks: optional(Networks), remotePodNetworks: optional(Networks) })),
  computeConfig: optional(
    Type.Object({ enabled: optional(Type.Boolean()), nodePools: optional(Texts), nodeRoleArn: optional(Type.String()) }),
  ),
  storageConfig: optional(Type.Object({ blockStorage: optional(Switch) })),
  kubernetesNetworkConfig: optional(
    Type.Object({
      serviceIpv4Cidr: optional(Type.String()),
      ipFamily: optional(oneOf(['ipv4', 'ipv6'])),
      elasticLoadBalancing: optional(Switch),
    }),
  ),
  deletionProtection: optional(Type.Boolean()),
  controlPlaneScalingConfig: optional(
    Type.Object({ tier: optional(oneOf(['standard', 'tier-xl', 'tier-2xl', 'tier-4xl', 'tier-8xl'])) }),
  ),
  kubeApiServerConfig: optional(Type.Object({})),
  kubeSchedulerConfig: optional(Type.Object({})),
  kubeControllerManagerConfig: optional(Type.Object({})),
};

export const readCreateCluster = shapeOf(
  Type.Object({
    ...shared,
    name: Type.String({ minLength: 1, maxLength: 100 }),
    roleArn: Type.String(),
    resourcesVpcConfig: VpcConfig,
    version: optional(Type.String()),
    tags: optional(Type.Record(Type.String(), Type.String())),
    encryptionConfig: optional(
      Type.Array(
        Type.Object({
          resources: optional(Texts),
          provider: optional(Type.Object({ keyArn: optional(Type.String()) })),
        }),
        { maxItems: 1 },
      ),
    ),
    outpostConfig: optional(Type.Object({})),
    accessConfig: optional(
      Type.Object({ bootstrapClusterCreatorAdminPermissions: optional(Type.Boolean()), authenticationMode }),
    ),
    bootstrapSelfManagedAddons: optional(Type.Boolean()),
    clientRequestToken: optional(Type.String()),
  }),
);

export const readUpdateClusterConfig = shapeOf(
  Type.Object({
    ...shared,
    accessConfig: optional(Type.Object({ authenticationMode })),
    clientRequestToken: optional(Type.String()),
  }),
);

export const readUpdateClusterVersion = shapeOf(
  Type.Object({
    version: Type.String(),
    force: optional(Type.Boolean()),
    rollbackConfig: optional(Type.Object({ timeoutMinutes: optional(Type.Integer({ minimum: 120, maximum: 10_080 })) })),
    clientRequestToken: optional(Type.String()),
  }),
);
