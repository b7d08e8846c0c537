import { addressInUrl, type KubernetesCluster, type Launch } from '../../../domain/index.ts';
import { authorityFile, identityFiles, membersOf, ownersFlags, type Parts, type Place } from './place.ts';
import { program } from './program.ts';
import { withoutFlags } from './trial-flags.ts';

/** The port beside the client's on which members speak to each other. */
export const etcdPeerPort = 2380;

/** Where etcd's clients reach it, all members. */
export function etcdUrls(place: Place): string {
  return membersOf(place.cluster, 'etcd')
    .map(({ address, port }) => `https://${addressInUrl(address)}:${port}`)
    .join(',');
}

export function etcdParts(place: Place): Parts {
  const { cluster, member, purpose } = place;
  const trial = purpose.kind === 'trial';
  const address = trial ? '127.0.0.1' : addressInUrl(member.address);
  const [port, , peerPort] = trial ? purpose.ports : [member.port, 0, etcdPeerPort];
  const client = `https://${address}:${port}`;
  const peer = `https://${address}:${peerPort}`;
  const others = membersOf(cluster, 'etcd').map((one) => `${one.name}=https://${addressInUrl(one.address)}:${etcdPeerPort}`);
  const own = [
    `--name=${member.name}`,
    '--data-dir=${data}',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=${trial ? `${member.name}=${peer}` : others.join(',')}`,
    `--initial-cluster-token=${cluster.id}${trial ? '-trial' : ''}`,
    `--initial-cluster-state=${purpose.kind === 'join' ? 'existing' : 'new'}`,
  ];
  // Trusted is the one certificate that its clients and its members show, not whoever issued it: every node has one of the
  // same authority, and none of them may read what is stored here.
  const tls = ['', 'peer-'].flatMap((of) => [
    `--${of}cert-file=\${conf}/etcd.crt`,
    `--${of}key-file=\${conf}/etcd.key`,
    `--${of}trusted-ca-file=\${conf}/etcd.crt`,
    `--${of}client-cert-auth=true`,
  ]);
  const owners = trial ? withoutFlags(ownersFlags(place), 'etcd') : ownersFlags(place);
  return {
    command: program('etcd', [...own, ...tls, ...owners]),
    files: identityFiles(cluster, 'etcd'),
    readyUrl: `${client}/health`,
  };
}

/** What a client of etcd needs. */
export function etcdClientFiles(cluster: KubernetesCluster): Launch['files'] {
  return [authorityFile(cluster), ...identityFiles(cluster, 'etcd')].map((file) => ({ ...file, secret: true }));
}
