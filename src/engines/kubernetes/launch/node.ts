import { createHash } from 'node:crypto';
import type { Identity, KubernetesCluster } from '../../../domain/index.ts';
import { nodegroupLabel } from '../names.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { ownersFlags, type Parts, type Place, secretOf } from './place.ts';
import { pathWith } from './program.ts';
import { withoutFlags } from './trial-flags.ts';

/**
 * Where a node keeps its folder. Its sockets lie below, and the path of a socket has little room (107 bytes), so it cannot
 * lie below the member's own. A node never removes it; it begins with removing what the one before it left.
 */
export function nodeFolder(cluster: KubernetesCluster, name: string): string {
  return folderOf(cluster.id, name);
}

/** That folder, and the one of its trials. */
export function nodeFolders(clusterId: string, name: string): readonly string[] {
  const folder = folderOf(clusterId, name);
  return [folder, trialOf(folder)];
}

function folderOf(clusterId: string, name: string): string {
  const hash = createHash('sha256').update(`${clusterId}/${name}`).digest('hex').slice(0, 12);
  return `/tmp/clusterlift-node-${hash}`;
}

function trialOf(folder: string): string {
  return `${folder}-trial`;
}

/** A trial leaves nothing. */
const untilEnded = [
  'hollow-node "$@" & node=$!',
  `trap 'kill $node; rm -rf "$TMPDIR"; exit' TERM; wait $node; code=$?; rm -rf "$TMPDIR"; exit $code`,
].join('\n');

/** A real kubelet without containers. Its port is any free one: it cannot be bound to an address, and nobody asks it. */
export function nodeParts(place: Place, identity: Identity | null): Parts {
  const { cluster, member, purpose } = place;
  const trial = purpose.kind === 'trial';
  const group = cluster.spec.nodegroups.find(({ name }) => name === member.nodegroup);
  const labels = { ...group?.labels, ...(member.nodegroup === null ? {} : { [nodegroupLabel]: member.nodegroup }) };
  const taints = group?.taints ?? [];
  const [port, nowhere] = trial ? purpose.ports : [member.port, 0];
  const flags = [
    '--morph=kubelet',
    `--name=${member.name}`,
    '--kubeconfig=${conf}/kubeconfig',
    `--kubelet-port=${port}`,
    '--kubelet-read-only-port=0',
    '--use-host-image-service=false',
    ...(Object.keys(labels).length === 0 ? [] : [`--node-labels=${pairs(labels)}`]),
    ...(taints.length === 0
      ? []
      : [`--register-with-taints=${taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`).join(',')}`]),
    ...(trial ? withoutFlags(ownersFlags(place), 'node') : ownersFlags(place)),
  ];
  const script = `${pathWith('${home}')}; rm -rf "$TMPDIR"; mkdir -m 700 "$TMPDIR" || exit 1; ${trial ? untilEnded : 'exec hollow-node "$@"'}`;
  const kubeconfig = kubeconfigText(member.name, trial ? `https://127.0.0.1:${nowhere}` : cluster.spec.endpoint, {
    authority: secretOf(cluster, 'ca.crt'),
    // A trial asks nobody; any pair that fits does.
    certificate: identity?.certificate ?? secretOf(cluster, 'scheduler.crt'),
    key: identity?.key ?? secretOf(cluster, 'scheduler.key'),
  });
  return {
    command: ['/bin/sh', '-c', script, 'hollow-node', ...flags],
    environment: { TMPDIR: trial ? trialOf(nodeFolder(cluster, member.name)) : nodeFolder(cluster, member.name) },
    files: [{ path: 'conf/kubeconfig', text: kubeconfig }],
    // Official archives are without it.
    programs: ['hollow-node'],
    readyUrl: `http://127.0.0.1:${port}/healthz`,
  };
}

function pairs(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
