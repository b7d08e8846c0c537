import { activationCodeSecret, type Cluster, type KubernetesCluster } from '../../../domain/index.ts';
import { clusterArn } from '../arn.ts';
import type { Json } from '../call.ts';
import { seconds } from './moment.ts';

/** A cluster that was registered, and that nobody has brought under care yet. */
export function isAwaited({ provisioning }: Cluster): boolean {
  return provisioning.state === 'awaited';
}

/** Of a cluster that was registered through this API; null for every other. The code is told as long as it is of use. */
export function connectorConfig(cluster: KubernetesCluster): Json | null {
  const told = cluster.spec.face.connectorConfig as Json | undefined;
  if (told === undefined) return null;
  const { activationId, activationExpiry, provider, roleArn } = told;
  const expiry = typeof activationExpiry === 'string' ? seconds(activationExpiry) : null;
  const code = isAwaited(cluster) ? (cluster.secrets[activationCodeSecret] ?? null) : null;
  return { activationId, activationCode: code, activationExpiry: expiry, provider, roleArn };
}

/** Nothing is known of the cluster but what was said of it. */
export function awaitedShape(cluster: KubernetesCluster): Json {
  const unknown = ['version', 'endpoint', 'roleArn', 'resourcesVpcConfig', 'kubernetesNetworkConfig', 'logging', 'identity'];
  const alsoUnknown = [
    'certificateAuthority',
    'platformVersion',
    'encryptionConfig',
    'id',
    'health',
    'outpostConfig',
    'accessConfig',
  ];
  return {
    ...Object.fromEntries([...unknown, ...alsoUnknown].map((name) => [name, null])),
    name: cluster.name,
    arn: clusterArn(cluster, cluster.name),
    createdAt: seconds(cluster.createdAt),
    status: 'PENDING',
    clientRequestToken: cluster.spec.face.clientRequestToken ?? null,
    tags: cluster.tags,
    connectorConfig: connectorConfig(cluster),
  };
}
