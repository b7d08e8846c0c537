import {
  type Cluster,
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  DescribeUpdateCommand,
  EKSClient,
  type Update,
  UpdateClusterVersionCommand,
} from '@aws-sdk/client-eks';
import type { ServerRig } from './server.ts';
import { eventually } from './waiting.ts';

export interface NewEksCluster {
  readonly name: string;
  readonly version: string;
  readonly tags?: Record<string, string>;
}

/** The EKS face, called by the official JavaScript client. */
export class EksRig {
  readonly client: EKSClient;
  readonly region = 'eu-central-1';

  constructor(server: Pick<ServerRig, 'url' | 'keyId' | 'secret'>) {
    this.client = new EKSClient({
      endpoint: server.url,
      region: this.region,
      credentials: { accessKeyId: server.keyId, secretAccessKey: server.secret },
    });
  }

  async create({ name, version, tags }: NewEksCluster): Promise<Cluster> {
    const { cluster } = await this.client.send(
      new CreateClusterCommand({
        name,
        version,
        roleArn: 'arn:aws:iam::123456789012:role/clusters',
        resourcesVpcConfig: { subnetIds: ['subnet-0a', 'subnet-0b'] },
        ...(tags === undefined ? {} : { tags }),
      }),
    );
    return there(cluster);
  }

  async cluster(name: string): Promise<Cluster> {
    const { cluster } = await this.client.send(new DescribeClusterCommand({ name }));
    return there(cluster);
  }

  /** Waits until it is ACTIVE. A server that is away meanwhile is waited for; a cluster that FAILED is not. */
  async waitActive(name: string, timeoutMs: number): Promise<Cluster> {
    const cluster = await eventually(`cluster ${name} is ACTIVE`, timeoutMs, async () => {
      const now = await this.cluster(name);
      return now.status === 'ACTIVE' || now.status === 'FAILED' ? now : undefined;
    });
    if (cluster.status === 'FAILED') throw new Error(`cluster ${name} failed: ${JSON.stringify(cluster.health)}`);
    return cluster;
  }

  /** Waits until its nodes are ready. */
  async waitNodegroupActive(clusterName: string, nodegroupName: string, timeoutMs: number): Promise<void> {
    await eventually(`node group ${nodegroupName} is ACTIVE`, timeoutMs, async () => {
      const { nodegroup } = await this.client.send(new DescribeNodegroupCommand({ clusterName, nodegroupName }));
      if (nodegroup?.status === 'CREATE_FAILED') return { failed: JSON.stringify(nodegroup.health) };
      return nodegroup?.status === 'ACTIVE' ? { failed: null } : undefined;
    }).then(({ failed }) => {
      if (failed !== null) throw new Error(`node group ${nodegroupName} failed: ${failed}`);
    });
  }

  async startUpdate(name: string, version: string, force = false): Promise<Update> {
    const { update } = await this.client.send(new UpdateClusterVersionCommand({ name, version, force }));
    return there(update);
  }

  async update(name: string, updateId: string): Promise<Update> {
    const { update } = await this.client.send(new DescribeUpdateCommand({ name, updateId }));
    return there(update);
  }

  /** Follows an update until it is no longer InProgress. */
  async waitUpdate(name: string, updateId: string, timeoutMs: number): Promise<Update> {
    return eventually(`update ${updateId} has ended`, timeoutMs, async () => {
      const update = await this.update(name, updateId);
      return update.status === 'InProgress' ? undefined : update;
    });
  }

  /** The same for an update of a node group. */
  async waitNodegroupUpdate(name: string, nodegroupName: string, updateId: string, timeoutMs: number): Promise<Update> {
    return eventually(`update ${updateId} of ${nodegroupName} has ended`, timeoutMs, async () => {
      const { update } = await this.client.send(new DescribeUpdateCommand({ name, nodegroupName, updateId }));
      return update?.status === 'InProgress' ? undefined : there(update);
    });
  }

  async remove(name: string): Promise<void> {
    await this.client.send(new DeleteClusterCommand({ name }));
  }
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the answer has not got it');
  return value;
}
