import {
  type KubernetesCatalog,
  type KubernetesCluster,
  type KubernetesComponent,
  type KubernetesMemberSpec,
  kubernetesMembers,
  type Launch,
  type LaunchPurpose,
  type Release,
} from '../../../domain/index.ts';

/** Everything that a launch is made from. */
export interface Place {
  readonly cluster: KubernetesCluster;
  readonly catalog: KubernetesCatalog;
  readonly member: KubernetesMemberSpec;
  readonly release: Release;
  readonly purpose: LaunchPurpose;
}

/** What differs between the components; the rest of a launch is the same for all. */
export type Parts = Pick<Launch, 'command' | 'files' | 'readyUrl'> & Partial<Pick<Launch, 'environment' | 'programs' | 'tools'>>;

export function memberOf(cluster: KubernetesCluster, name: string): KubernetesMemberSpec {
  const found = kubernetesMembers(cluster.spec).find((member) => member.name === name);
  if (found === undefined) throw new Error(`cluster ${cluster.id} has no member ${name}`);
  return found;
}

export function membersOf(cluster: KubernetesCluster, component: KubernetesComponent): readonly KubernetesMemberSpec[] {
  return kubernetesMembers(cluster.spec).filter((member) => member.component === component);
}

/** One of a cluster's secrets; a cluster that was drafted has every one. */
export function secretOf(cluster: KubernetesCluster, name: string): string {
  const secret = cluster.secrets[name];
  if (secret === undefined) throw new Error(`cluster ${cluster.id} has no ${name}`);
  return secret;
}

/** Certificate and key of an identity as files of the member. */
export function identityFiles(cluster: KubernetesCluster, ...names: readonly string[]): Launch['files'] {
  return names
    .flatMap((name) => [`${name}.crt`, `${name}.key`])
    .map((file) => ({ path: `conf/${file}`, text: secretOf(cluster, file) }));
}

/** The certificate of an authority, without its key. */
export function authorityFile(cluster: KubernetesCluster, name = 'ca'): Launch['files'][number] {
  return { path: `conf/${name}.crt`, text: secretOf(cluster, `${name}.crt`) };
}

/** The flags that their owner gave a component. They come after ours, and the last one counts. */
export function ownersFlags({ cluster, member }: Place): readonly string[] {
  return cluster.spec.flags[member.component] ?? [];
}
