/** Any object of the API, as JSON. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly [field: string]: unknown;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** The moment at which something is asked or happens, and the dice. */
export interface Moment {
  /** Simulated milliseconds since the world began. */
  readonly nowMs: number;
  readonly random: () => number;
}

/** What kind of object, apart from its version: `apps/deployments`, `/pods`. */
export type ResourceKey = string;

/** An object as it lies in etcd. */
export interface Stored {
  readonly resource: ResourceKey;
  /** The version that it was last written in, `v1`. */
  readonly storedAs: string;
  readonly object: KubeObject;
}

/** One write, as watches tell it. */
export interface Change {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceKey;
  /** After the write; of a deletion, as it last was, with the revision of the deletion. */
  readonly object: KubeObject;
  /** Before it; null for a new one. A selector may have held for it alone. */
  readonly before: KubeObject | null;
}

/** Something that happens by itself at its time. */
export interface DueEvent {
  readonly atMs: number;
  /** Events of one name replace one another; the earlier stays. */
  readonly name: string;
  readonly happen: (world: World, moment: Moment) => void;
}

/** Issues tokens of service accounts, and knows its own again. */
export interface TokenKeys {
  readonly issuer: string;
  /** By the clock of those who hold tokens, in seconds: a token does not age with a cluster that lives faster. */
  readonly nowSeconds: () => number;
  readonly sign: (claims: Readonly<Record<string, unknown>>) => string;
  /** What a token says that was signed with these keys; null: it was not. */
  readonly read: (token: string) => Readonly<Record<string, unknown>> | null;
}

export interface ApiserverProcess {
  /** Of the member, `apiserver-1`. */
  readonly name: string;
  /** `1.36.1`. */
  readonly version: string;
  /** The minor that it behaves as, `1.36`. */
  readonly emulated: string;
  readonly startedMs: number;
  /** False before its caches are filled, and as soon as it was asked to end (`shutdown`). The owner of the process sets it. */
  ready: boolean;
  /** It was asked to end and drains. */
  shuttingDown: boolean;
  /** Null: it was started without keys. */
  readonly keys: TokenKeys | null;
  /** It serves the beta APIs that are off by default (`--runtime-config=api/beta=true`). */
  readonly betas: boolean;
  /** The last write before it was ready: what was before it does not remember. */
  remembersFrom: number;
  /** Requests for deprecated APIs since its start, `group|version|resource|subresource|removedRelease`. */
  readonly deprecated: Set<string>;
  /** Its open watches; `endWatches` closes them. */
  readonly watches: Set<Watch>;
}

/** A watch that somebody reads. */
export interface Watch {
  /** Called with each change in order. */
  readonly tell: (change: Change) => void;
  /** The server ends it. */
  readonly end: () => void;
}

export interface EtcdState {
  /** A quorum of its members answers. Without it nothing is read or written, and no apiserver is ready. */
  quorum: boolean;
  /** Out of room: writes are refused with `etcdserver: mvcc: database space exceeded`. */
  noSpace: boolean;
}

export interface Controllers {
  /** A kube-controller-manager leads: objects are followed up (pods made, nodes judged, namespaces emptied). */
  manager: boolean;
  /** A kube-scheduler leads: pods are given nodes. */
  scheduler: boolean;
}

export interface Knobs {
  /** From the start of a pod on a node until it is ready, varied by a fifth. */
  podReadyMs: number;
  /** A kubelet that is gone is noticed after this long. */
  nodeGraceMs: number;
  /** False: pods that are to end on a node never do (`pods-not-evicted`). */
  podsEnd: boolean;
}

export interface World {
  /** The caller's clock at simulated zero, for timestamps. */
  readonly epochMs: number;
  /** Brought up to this moment. */
  nowMs: number;
  /** By `resource|namespace|name`. */
  readonly objects: Map<string, Stored>;
  /** The keys of each resource. */
  readonly byResource: Map<ResourceKey, Set<string>>;
  /** Of the last write. */
  revision: number;
  /** Watches and pages from before it are answered with 410. */
  compacted: number;
  readonly history: Change[];
  readonly watches: Set<Watch>;
  /** As many watches were opened ever: their events are named by it. */
  watchesOpened: number;
  readonly due: DueEvent[];
  readonly etcd: EtcdState;
  readonly controllers: Controllers;
  readonly knobs: Knobs;
  /** Nodes whose kubelet runs, by name. */
  readonly kubelets: Map<string, KubeletProcess>;
}

export interface KubeletProcess {
  readonly name: string;
  /** `1.36.1`. */
  readonly version: string;
  readonly startedMs: number;
}
