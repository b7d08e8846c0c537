import {
  addressInUrl,
  type KubernetesCluster,
  type KubernetesIdentity,
  type KubernetesMemberSpec,
  ownersTokenSecret,
  type Tls,
} from '../../../domain/index.ts';

/** Names of the secrets of a cluster that somebody else made. */
export const foreignSecrets = { authority: 'ca', token: ownersTokenSecret } as const;

export type Credentials =
  | { readonly kind: 'have'; readonly tls: Tls; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'lack'; readonly because: string };

/** What we show the apiservers and their neighbours: our administrator's certificate, or the token that an owner gave us. */
export function administrator(cluster: KubernetesCluster): Credentials {
  const ours = identity(cluster, 'admin');
  const token = cluster.secrets[foreignSecrets.token];
  if (ours.kind === 'have' || token === undefined) return ours;
  const authority = cluster.secrets[foreignSecrets.authority] ?? cluster.secrets['ca.crt'];
  if (authority === undefined) return { kind: 'lack', because: 'there is no certificate of the authority of its apiservers' };
  return { kind: 'have', tls: { authority }, headers: { authorization: `Bearer ${token}` } };
}

export function identity(cluster: KubernetesCluster, name: KubernetesIdentity): Credentials {
  const authority = cluster.secrets['ca.crt'];
  const certificate = cluster.secrets[`${name}.crt`];
  const key = cluster.secrets[`${name}.key`];
  if (authority === undefined || certificate === undefined || key === undefined)
    return { kind: 'lack', because: `there is no certificate ${name} to show it` };
  return { kind: 'have', tls: { authority, certificate, key }, headers: {} };
}

/** Where a member itself answers. */
export function urlOf({ address, port }: Pick<KubernetesMemberSpec, 'address' | 'port'>): string {
  return `https://${addressInUrl(address)}:${port}`;
}
