/** What was declared of a Kubernetes cluster, and the facts that an observation of one holds. */

import { addressInUrl } from './address.ts';
import type { ArtefactSource, Build, Catalog, CatalogRelease } from './catalog.ts';
import type { ClusterSpec } from './cluster.ts';
import type { Instant, Release } from './release.ts';

export type KubernetesComponent =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  /** The one address of the cluster: a balancer that asks each apiserver whether it is ready. */
  | 'front-door'
  | 'node';

export interface KubernetesMemberSpec {
  /** Unique in the cluster: `etcd-1`, `apiserver-2`, `apiserver-surge`, `blue-1`. Of a node, its name in the cluster. */
  readonly name: string;
  readonly component: KubernetesComponent;
  /** Key of the host that runs it. */
  readonly host: string;
  readonly address: string;
  /** etcd's client port, the secure port of the others, the kubelet's. */
  readonly port: number;
  /** Runs only while others are replaced: the place for the new one beside the old. */
  readonly surge: boolean;
  /** Of a node: its node group. */
  readonly nodegroup: string | null;
}

export interface NodegroupSpec {
  readonly name: string;
  /** What its nodes are to run, `1.36` and `eks.1`; a node shows which one it does run. */
  readonly release: Release;
  /** One for each wanted node, and one with `surge`. */
  readonly nodes: readonly KubernetesMemberSpec[];
  readonly minSize: number;
  readonly maxSize: number;
  /** Nodes replaced side by side. */
  readonly maxUnavailable: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  readonly deleting: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** What a face was told and gives back as it was; no rule asks for it. */
  readonly face: Readonly<Record<string, unknown>>;
}

export interface KubernetesSpec {
  readonly kind: 'kubernetes';
  /** Of the control plane: version `1.36` and build `eks.1`. */
  readonly release: Release;
  /** The version that it was made with: a rollback does not go below it. */
  readonly firstVersion: string;
  readonly gateAfterFirstMember: boolean;
  /** Control plane and front door; nodes stand in their groups. */
  readonly members: readonly KubernetesMemberSpec[];
  readonly nodegroups: readonly NodegroupSpec[];
  /** Where clients reach the cluster, `https://127.77.3.1:6443`: of our front door, or of the owner's balancer. */
  readonly endpoint: string;
  readonly serviceCidr: string;
  /** The owner's flags for each component, `--audit-log-maxage=3`; they come after ours and win. */
  readonly flags: Readonly<Partial<Record<KubernetesComponent, readonly string[]>>>;
  /** How long a new minor is watched at the old minor's emulated version before the emulation is lifted. */
  readonly soakMs: number;
  /** How long the pods of a node may take to leave it; absent: a quarter of an hour. */
  readonly drainTimeoutMs?: number;
  /** Where the host of an etcd member keeps snapshots of the key space; absent: in that member's own folder. */
  readonly snapshotFolder?: string;
  /** Of our token webhook; null where authentication is the owner's own. */
  readonly authenticationUrl: string | null;
  /** What a face was told and gives back as it was; no rule asks for it. */
  readonly face: Readonly<Record<string, unknown>>;
}

/** The description of a cluster that is known to be one of Kubernetes. */
export function kubernetesSpec({ spec }: { readonly spec: ClusterSpec }): KubernetesSpec {
  if (spec.kind !== 'kubernetes') throw new Error(`a cluster of kind ${spec.kind} is not one of Kubernetes`);
  return spec;
}

/** Every member, nodes and surge places included. */
export function kubernetesMembers(spec: KubernetesSpec): readonly KubernetesMemberSpec[] {
  return [...spec.members, ...spec.nodegroups.flatMap((group) => group.nodes)];
}

/** A cluster of ours whose clients come through a balancer of its owner's: no front door is made for it. */
export function hasOwnersBalancer({ members }: KubernetesSpec): boolean {
  return !members.some(({ component }) => component === 'front-door');
}

/** Whom a balancer of such a cluster passes connections on to; the last runs only while the others are replaced. */
export function placesBehindBalancer({ members }: KubernetesSpec): readonly { readonly name: string; readonly at: string }[] {
  const apiservers = members.filter(({ component }) => component === 'kube-apiserver');
  return [...apiservers.filter(({ surge }) => !surge), ...apiservers.filter(({ surge }) => surge)].map(
    ({ name, address, port }) => ({ name, at: `${addressInUrl(address)}:${port}` }),
  );
}

/**
 * Names of `Cluster.secrets` of a cluster that we made, all PEM but the tokens. `${name}.crt` and `${name}.key` for each
 * identity, and the two keys of service accounts.
 */
export const kubernetesIdentities = [
  'ca',
  'front-proxy-ca',
  'apiserver',
  'etcd',
  'front-proxy-client',
  'kubelet-client',
  'controller-manager',
  'scheduler',
  'admin',
] as const;
export type KubernetesIdentity = (typeof kubernetesIdentities)[number];
export const serviceAccountKeys = ['sa.pub', 'sa.key'] as const;
/** Bearer token that the owner of a registered cluster gave us, where it is no certificate `admin`. */
export const ownersTokenSecret = 'kubeconfig-token';
/** Bearer token that the apiservers present to our token webhook. */
export const webhookTokenSecret = 'webhook-token';

export interface DeprecatedRequests {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  /** `1.37`; empty where no removal is announced. */
  readonly removedRelease: string;
}

/** One apiserver, asked at its own address and never through a balancer. */
export interface SeenApiserver {
  readonly name: string;
  /** `1.36.3` from /version. */
  readonly version: string;
  /** The minor that it behaves as, `1.36`; equal to its own where nothing is emulated. Null where it does not tell. */
  readonly emulated: string | null;
  readonly ready: boolean;
  /** Names of the readyz checks that fail. */
  readonly notReady: readonly string[];
  /** Asked for since its start. */
  readonly deprecated: readonly DeprecatedRequests[];
  /** Storage version hash by `group/version/resource`, for what is kept in etcd; empty at depth `turn`. */
  readonly storageVersions: Readonly<Record<string, string>>;
}

export interface SeenController {
  readonly name: string;
  readonly component: 'kube-controller-manager' | 'kube-scheduler';
  readonly version: string;
  readonly healthy: boolean;
  /** Null where it does not tell. */
  readonly leader: boolean | null;
}

export interface SeenEtcdMember {
  readonly name: string;
  /** Its id in hexadecimal. */
  readonly memberId: string;
  readonly version: string;
  readonly leader: boolean;
  readonly healthy: boolean;
  readonly dbSizeBytes: number;
  readonly quotaBytes: number | null;
  readonly raftIndex: number;
  /** `NOSPACE`, `CORRUPT`. */
  readonly alarms: readonly string[];
}

export interface SeenKubernetesNode {
  readonly name: string;
  readonly uid: string;
  /** `1.36.1`. */
  readonly kubeletVersion: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
  /** We cordoned it (an annotation says so), not its owner. */
  readonly cordonedByUs: boolean;
  /** From its label; null for a node of somebody else. */
  readonly nodegroup: string | null;
  /** `MemoryPressure` and the like that are true. */
  readonly pressures: readonly string[];
  /** Pods on it that an eviction is for: no mirror pods, none of a DaemonSet. */
  readonly pods: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly owned: boolean;
    /** Names of the disruption budgets of its namespace whose selector matches it; absent where it is not known. */
    readonly budgets?: readonly string[];
  }[];
}

export interface SeenDisruptionBudget {
  readonly namespace: string;
  readonly name: string;
  readonly disruptionsAllowed: number;
  readonly expectedPods: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
}

/** The cluster's own account of itself. Lists of things that only checks ask for are empty at depth `turn`. */
export interface SeenKubernetes {
  /** Uid of the namespace kube-system: tells one cluster from another. */
  readonly clusterUid: string;
  /** Those that answered. */
  readonly apiservers: readonly SeenApiserver[];
  readonly controllers: readonly SeenController[];
  readonly etcd: readonly SeenEtcdMember[];
  /** Null: etcd was not asked, because it is somebody else's. */
  readonly etcdClusterVersion: string | null;
  /** The balancer accepts connections. */
  readonly frontDoorAnswers: boolean;
  readonly nodes: readonly SeenKubernetesNode[];
  readonly disruptionBudgets: readonly SeenDisruptionBudget[];
  readonly failingClosedWebhooks: readonly {
    readonly configuration: string;
    readonly webhook: string;
    /** `namespace/name` of its service, or its url. */
    readonly target: string;
    /** Its service has no ready endpoint, or does not exist. */
    readonly unreachable: boolean;
    /** Resources that it is asked about, `pods`, `*`. */
    readonly resources: readonly string[];
  }[];
  readonly unavailableApiServices: readonly { readonly name: string; readonly says: string }[];
  /** CRDs with a stored version that is no longer served. */
  readonly customResources: readonly {
    readonly name: string;
    readonly storedVersions: readonly string[];
    readonly servedVersions: readonly string[];
  }[];
  /** Name and version by image of what runs in kube-system, `coredns` `v1.12.1`. */
  readonly addons: readonly { readonly name: string; readonly kind: string; readonly version: string }[];
  /** How many objects there are of APIs that only newer versions serve, by `group/version/resource`: what a way back would hide. */
  readonly newerObjects: readonly { readonly api: string; readonly names: readonly string[] }[];
  /** When the certificate that an apiserver shows runs out. */
  readonly certificateNotAfter: Instant | null;
}

export interface KubernetesBuild extends Build {
  /** `1.36.3`. */
  readonly patch: string;
}

export interface KubernetesRelease extends CatalogRelease<KubernetesBuild> {
  /** The etcd that its control plane runs with. */
  readonly etcd: string;
  readonly releasedAt: Instant;
  readonly endOfStandardSupport: Instant;
  readonly endOfExtendedSupport: Instant;
  /** Feature gates that this version no longer knows. */
  readonly removedGates: readonly string[];
  /** Flags that this version no longer knows, by component. */
  readonly removedFlags: Readonly<Partial<Record<KubernetesComponent, readonly string[]>>>;
  /** `group/version/resource` that it no longer serves. */
  readonly removedApis: readonly string[];
  /** `group/version/resource` that it serves by default and the version before does not. */
  readonly introducedApis: readonly string[];
  /** Oldest version of an add-on that works with it, by name. */
  readonly addons: Readonly<Record<string, string>>;
}

export interface KubernetesCatalog extends Catalog<KubernetesRelease> {
  /** etcd by version, `3.6.16`. */
  readonly etcd: readonly { readonly version: string; readonly artefacts: readonly ArtefactSource[] }[];
}
