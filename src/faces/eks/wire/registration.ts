/** The body of the request that registers a cluster which runs elsewhere. */
import { Type } from 'typebox';
import { oneOf, shapeOf } from './shape.ts';

const providers = ['EKS_ANYWHERE', 'ANTHOS', 'GKE', 'AKS', 'OPENSHIFT', 'TANZU', 'RANCHER', 'EC2', 'OTHER'] as const;

export const readRegisterCluster = shapeOf(
  Type.Object({
    name: Type.String({ minLength: 1, maxLength: 100 }),
    connectorConfig: Type.Object({ roleArn: Type.String(), provider: oneOf(providers) }),
    tags: Type.Optional(Type.Record(Type.String(), Type.String())),
    clientRequestToken: Type.Optional(Type.String()),
  }),
);
