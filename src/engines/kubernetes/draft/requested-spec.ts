import type { KubernetesComponent, KubernetesMemberSpec, KubernetesSpec, Release } from '../../../domain/index.ts';

/** What whoever asks for a cluster may say of it; all but the release has a usual value. */
export interface RequestedSpec {
  readonly release: Release;
  readonly apiservers?: number;
  readonly etcd?: number;
  /** Of controller managers, and of schedulers. */
  readonly controllers?: number;
  readonly host?: string;
  readonly serviceCidr?: string;
  readonly flags?: KubernetesSpec['flags'];
  readonly soakMs?: number;
  readonly drainTimeoutMs?: number;
  readonly gateAfterFirstMember?: boolean;
  readonly authenticationUrl?: string | null;
  /** Of a balancer of its owner's, `https://lb.example:6443`: then no front door is made. */
  readonly endpoint?: string;
  readonly face?: KubernetesSpec['face'];
}

export const usualServiceCidr = '10.96.0.0/16';
/** Long enough for every controller to have made its rounds once. */
export const usualSoakMs = 60_000;

/** Ports of the members; the peer port of etcd stands beside its launch. */
const ports: Readonly<Record<KubernetesComponent, number>> = {
  etcd: 2379,
  'kube-apiserver': 6443,
  'kube-controller-manager': 10257,
  'kube-scheduler': 10259,
  'front-door': 6443,
  // Any free one: a node without containers cannot be bound to an address of its own.
  node: 0,
};

/** The description of a cluster that is to be made. Its addresses are empty: `draft` completes them. */
export function requestedSpec(request: RequestedSpec): KubernetesSpec {
  const { apiservers = 2, etcd = 1, controllers = 2, host = 'local' } = request;
  const member = (component: KubernetesComponent, name: string, surge = false) => newMember(component, name, host, surge);
  const several = (component: KubernetesComponent, name: string, count: number) =>
    Array.from({ length: count }, (_, index) => member(component, `${name}-${index + 1}`));
  return {
    kind: 'kubernetes',
    release: request.release,
    firstVersion: request.release.version,
    gateAfterFirstMember: request.gateAfterFirstMember ?? false,
    members: [
      ...several('etcd', 'etcd', etcd),
      ...several('kube-apiserver', 'apiserver', apiservers),
      member('kube-apiserver', 'apiserver-surge', true),
      ...several('kube-controller-manager', 'controller-manager', controllers),
      ...several('kube-scheduler', 'scheduler', controllers),
      ...(request.endpoint === undefined ? [member('front-door', 'front-door')] : []),
    ],
    nodegroups: [],
    endpoint: request.endpoint ?? '',
    serviceCidr: request.serviceCidr ?? usualServiceCidr,
    flags: request.flags ?? {},
    soakMs: request.soakMs ?? usualSoakMs,
    ...(request.drainTimeoutMs === undefined ? {} : { drainTimeoutMs: request.drainTimeoutMs }),
    authenticationUrl: request.authenticationUrl ?? null,
    face: request.face ?? {},
  };
}

export function newMember(
  component: KubernetesComponent,
  name: string,
  host: string,
  surge: boolean,
  nodegroup: string | null = null,
): KubernetesMemberSpec {
  return { name, component, host, address: '', port: ports[component], surge, nodegroup };
}
