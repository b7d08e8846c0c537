/**
 * How a member is run at a release: command, files and what else it needs, from the declared cluster. Pure.
 * It does not know: how a host carries it out, when a member is started.
 */
import {
  type ArtefactSource,
  catalogBuild,
  catalogRelease,
  type Identity,
  type KubernetesCatalog,
  type KubernetesCluster,
  type Launch,
  type LaunchPurpose,
  ownTags,
  type Release,
} from '../../../domain/index.ts';
import { etcdReleaseOf } from '../catalog.ts';
import { apiserverParts } from './apiserver.ts';
import { controllerManagerParts, schedulerParts } from './controllers.ts';
import { etcdParts } from './etcd.ts';
import { frontDoorParts } from './front-door.ts';
import { nodeParts } from './node.ts';
import { memberOf, type Parts, type Place } from './place.ts';

export { etcdClientFiles } from './etcd.ts';
export { kubeconfigText } from './kubeconfig.ts';
export { nodeFolder, nodeFolders } from './node.ts';
export { memberOf, membersOf, secretOf } from './place.ts';
export { trialPorts } from './trial.ts';

export function launch(
  cluster: KubernetesCluster,
  catalog: KubernetesCatalog,
  member: string,
  release: Release,
  purpose: LaunchPurpose,
): Launch {
  return launchWith(cluster, catalog, member, release, purpose, null);
}

/** `identity`: the certificate of a node, which is made anew at each start. */
export function launchWith(
  cluster: KubernetesCluster,
  catalog: KubernetesCatalog,
  name: string,
  release: Release,
  purpose: LaunchPurpose,
  identity: Identity | null,
): Launch {
  const member = memberOf(cluster, name);
  const { environment = {}, tools = [], ...parts } = partsOf({ cluster, catalog, member, release, purpose }, identity);
  const isEtcd = member.component === 'etcd';
  return {
    clusterId: cluster.id,
    member: name,
    release: isEtcd ? etcdReleaseOf(catalog, release) : release,
    artefacts: member.component === 'front-door' ? [] : artefacts(catalog, isEtcd ? etcdReleaseOf(catalog, release) : release),
    ...(tools.length === 0 ? {} : { tools }),
    java: null,
    environment,
    copies: [],
    folders: null,
    sharedFolders: [],
    archive: null,
    ...ownTags(cluster.tags),
    ...parts,
    // Nearly all are keys or hold one.
    files: parts.files.map((file) => ({ ...file, secret: true })),
  };
}

function partsOf(place: Place, identity: Identity | null): Parts {
  switch (place.member.component) {
    case 'etcd':
      return etcdParts(place);
    case 'kube-apiserver':
      return apiserverParts(place);
    case 'kube-controller-manager':
      return controllerManagerParts(place);
    case 'kube-scheduler':
      return schedulerParts(place);
    case 'front-door':
      return frontDoorParts(place);
    case 'node':
      return nodeParts(place, identity);
  }
}

/** Of a Kubernetes release, or of an etcd where that is what the release is. */
export function artefacts(catalog: KubernetesCatalog, release: Release): readonly ArtefactSource[] {
  const etcd = catalog.etcd.find(({ version }) => version === release.version);
  if (etcd !== undefined) return etcd.artefacts;
  return catalogBuild(catalog, release)?.artefacts ?? catalogRelease(catalog, release.version)?.artefacts ?? [];
}

/** The same for members of one component: names, addresses and ports do not matter to the new release. */
export function trialText(cluster: KubernetesCluster, catalog: KubernetesCatalog, name: string, release: Release): string {
  const { component, nodegroup } = memberOf(cluster, name);
  const { serviceCidr, authenticationUrl, flags, nodegroups } = cluster.spec;
  const group = nodegroups.find((one) => one.name === nodegroup);
  // Programs of the machine and of another release are the same whatever release is tried.
  const tried = component === 'front-door' ? null : component === 'etcd' ? etcdReleaseOf(catalog, release) : release;
  return JSON.stringify([
    component,
    tried,
    serviceCidr,
    authenticationUrl === null,
    flags[component] ?? [],
    group === undefined ? null : [group.labels, group.taints],
  ]);
}
