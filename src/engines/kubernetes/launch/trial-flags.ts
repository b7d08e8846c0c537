import type { KubernetesComponent } from '../../../domain/index.ts';

/**
 * The flags of an owner that would take a trial out of its scratch world: to the real etcd, to the real apiservers, to a
 * folder or an address that the real member has. Each is one that every release knows: what a release no longer knows it
 * must refuse.
 */
const leadingOut: Readonly<Partial<Record<KubernetesComponent, readonly string[]>>> = {
  etcd: [
    'name',
    'data-dir',
    'wal-dir',
    'listen-client-urls',
    'listen-client-http-urls',
    'listen-peer-urls',
    'listen-metrics-urls',
    'advertise-client-urls',
    'initial-advertise-peer-urls',
    'initial-cluster',
    'initial-cluster-token',
    'initial-cluster-state',
  ],
  'kube-apiserver': [
    'etcd-servers',
    'etcd-servers-overrides',
    'etcd-cafile',
    'etcd-certfile',
    'etcd-keyfile',
    'bind-address',
    'secure-port',
    'advertise-address',
    'audit-log-path',
    'audit-webhook-config-file',
    'egress-selector-config-file',
    'tracing-config-file',
  ],
  'kube-controller-manager': controllerFlags(),
  // Its configuration file names a kubeconfig of its own, and flags beside it do not count.
  'kube-scheduler': [...controllerFlags(), 'config'],
  node: ['name', 'kubeconfig', 'kubelet-port', 'kubelet-read-only-port'],
};

function controllerFlags(): readonly string[] {
  return ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig', 'master', 'bind-address', 'secure-port'];
}

/** An owner's flags without those that would lead a trial out. `--flag=value`, `--flag value` and `-flag=value` are known. */
export function withoutFlags(flags: readonly string[], component: KubernetesComponent): readonly string[] {
  const unwanted = leadingOut[component] ?? [];
  const kept: string[] = [];
  for (let index = 0; index < flags.length; index += 1) {
    const flag = flags[index] ?? '';
    const [, name = '', value] = /^--?([^=]+)(=.*)?$/.exec(flag) ?? [];
    if (!unwanted.includes(name)) kept.push(flag);
    else if (value === undefined && flags[index + 1]?.startsWith('-') === false) index += 1;
  }
  return kept;
}
