import { clusterArn, eksArn, nodegroupArn } from './arn.ts';
import type { Call, Operation } from './call.ts';
import { notOfferedRoutes } from './not-offered.ts';
import { cancelUpdate } from './operations/cancel-update.ts';
import { describeClusterVersions } from './operations/cluster-versions.ts';
import { describeCluster, listClusters } from './operations/clusters.ts';
import { createCluster } from './operations/create-cluster.ts';
import { deleteCluster } from './operations/delete-cluster.ts';
import { describeInsight, describeInsightsRefresh, listInsights, startInsightsRefresh } from './operations/insights.ts';
import { createNodegroup } from './operations/nodegroups/create.ts';
import { deleteNodegroup } from './operations/nodegroups/delete.ts';
import { describeNodegroup, listNodegroups } from './operations/nodegroups/look.ts';
import { updateNodegroupConfig } from './operations/nodegroups/update-config.ts';
import { updateNodegroupVersion } from './operations/nodegroups/update-version.ts';
import { deregisterCluster, registerCluster } from './operations/registrations.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import { updateClusterConfig } from './operations/update-cluster-config.ts';
import { updateClusterVersion } from './operations/update-cluster-version.ts';
import { describeUpdate, listUpdates } from './operations/updates.ts';
import { namesIn, partsOf, segmentsOf } from './paths.ts';

export interface Route {
  readonly method: string;
  /** `{name}` stands for one segment. */
  readonly path: string;
  /** The operation's name, as IAM writes it after `eks:`. */
  readonly name: string;
  /**
   * What a policy must allow it on: the cluster `{name}`; all clusters; a node group; the ARN `{resourceArn}`; anything. A
   * node group's policy may name the group or its cluster.
   */
  readonly resource: 'cluster' | 'clusters' | 'nodegroup' | 'arn' | 'all';
  readonly run: Operation;
}

const cluster = '/clusters/{name}';
const nodegroups = `${cluster}/node-groups`;
const nodegroup = `${nodegroups}/{nodegroupName}`;
const refreshPath = `${cluster}/insights-refresh`;

/** The name of a cluster is always `{name}` here, whatever it is called in SDKs. */
export const routes: readonly Route[] = [
  { method: 'POST', path: '/clusters', name: 'CreateCluster', resource: 'clusters', run: createCluster },
  { method: 'GET', path: '/clusters', name: 'ListClusters', resource: 'clusters', run: listClusters },
  { method: 'GET', path: cluster, name: 'DescribeCluster', resource: 'cluster', run: describeCluster },
  { method: 'DELETE', path: cluster, name: 'DeleteCluster', resource: 'cluster', run: deleteCluster },
  { method: 'POST', path: `${cluster}/updates`, name: 'UpdateClusterVersion', resource: 'cluster', run: updateClusterVersion },
  { method: 'GET', path: `${cluster}/updates`, name: 'ListUpdates', resource: 'cluster', run: listUpdates },
  { method: 'GET', path: `${cluster}/updates/{updateId}`, name: 'DescribeUpdate', resource: 'cluster', run: describeUpdate },
  {
    method: 'POST',
    path: `${cluster}/updates/{updateId}/cancel-update`,
    name: 'CancelUpdate',
    resource: 'cluster',
    run: cancelUpdate,
  },
  {
    method: 'POST',
    path: `${cluster}/update-config`,
    name: 'UpdateClusterConfig',
    resource: 'cluster',
    run: updateClusterConfig,
  },
  { method: 'GET', path: '/cluster-versions', name: 'DescribeClusterVersions', resource: 'all', run: describeClusterVersions },
  { method: 'POST', path: `${cluster}/insights`, name: 'ListInsights', resource: 'cluster', run: listInsights },
  { method: 'GET', path: `${cluster}/insights/{id}`, name: 'DescribeInsight', resource: 'cluster', run: describeInsight },
  { method: 'POST', path: refreshPath, name: 'StartInsightsRefresh', resource: 'cluster', run: startInsightsRefresh },
  { method: 'GET', path: refreshPath, name: 'DescribeInsightsRefresh', resource: 'cluster', run: describeInsightsRefresh },
  { method: 'POST', path: '/tags/{resourceArn}', name: 'TagResource', resource: 'arn', run: tagResource },
  { method: 'DELETE', path: '/tags/{resourceArn}', name: 'UntagResource', resource: 'arn', run: untagResource },
  { method: 'GET', path: '/tags/{resourceArn}', name: 'ListTagsForResource', resource: 'arn', run: listTagsForResource },
  { method: 'POST', path: '/cluster-registrations', name: 'RegisterCluster', resource: 'clusters', run: registerCluster },
  {
    method: 'DELETE',
    path: '/cluster-registrations/{name}',
    name: 'DeregisterCluster',
    resource: 'cluster',
    run: deregisterCluster,
  },
  { method: 'POST', path: nodegroups, name: 'CreateNodegroup', resource: 'cluster', run: createNodegroup },
  { method: 'GET', path: nodegroups, name: 'ListNodegroups', resource: 'cluster', run: listNodegroups },
  { method: 'GET', path: nodegroup, name: 'DescribeNodegroup', resource: 'nodegroup', run: describeNodegroup },
  { method: 'DELETE', path: nodegroup, name: 'DeleteNodegroup', resource: 'nodegroup', run: deleteNodegroup },
  {
    method: 'POST',
    path: `${nodegroup}/update-version`,
    name: 'UpdateNodegroupVersion',
    resource: 'nodegroup',
    run: updateNodegroupVersion,
  },
  {
    method: 'POST',
    path: `${nodegroup}/update-config`,
    name: 'UpdateNodegroupConfig',
    resource: 'nodegroup',
    run: updateNodegroupConfig,
  },
  ...notOfferedRoutes,
];

export interface FoundRoute {
  readonly route: Route;
  readonly names: Readonly<Record<string, string>>;
}

/** The route of a path as sent, without its query; undefined where there is none. A broken escape fits nothing. */
export function findRoute(method: string, path: string): FoundRoute | undefined {
  const segments = segmentsOf(path);
  if (segments === null) return undefined;
  for (const { route, parts } of patterns.get(method) ?? []) {
    const names = namesIn(parts, segments);
    if (names !== null) return { route, names };
  }
  return undefined;
}

/** Routes of a method with the parts of their paths, in their order. */
const patterns: ReadonlyMap<string, readonly { readonly route: Route; readonly parts: readonly string[] }[]> = new Map(
  [...new Set(routes.map(({ method }) => method))].map((method) => [
    method,
    routes.filter((route) => route.method === method).map((route) => ({ route, parts: partsOf(route.path) })),
  ]),
);

/** What the paths of this API begin with. */
export const roots: ReadonlySet<string> = new Set(routes.map(({ path }) => path.split('/')[1] ?? ''));

/** ARNs any of which a policy may name for this request; a refusal shows the first. `nodegroupId`: of the node group that the path names. */
export function resourcesOf(
  { resource }: Route,
  { place, path, body }: Pick<Call, 'place' | 'path' | 'body'>,
  nodegroupId = '*',
): readonly string[] {
  const name = path.name ?? '';
  switch (resource) {
    case 'cluster':
      return [clusterArn(place, name)];
    case 'clusters':
      return [clusterArn(place, typeof body.name === 'string' ? body.name : '*')];
    case 'nodegroup':
      return [nodegroupArn(place, name, path.nodegroupName ?? '*', nodegroupId), clusterArn(place, name)];
    case 'arn':
      return [path.resourceArn ?? ''];
    case 'all':
      return [eksArn(place, '*')];
  }
}
