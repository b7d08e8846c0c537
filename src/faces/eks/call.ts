import type { Control } from '../../control/index.ts';
import type { Caller, Instant, KubernetesCatalog, KubernetesSpec, Log, Release } from '../../domain/index.ts';
import type { Place } from './arn.ts';
import type { ApiError } from './errors.ts';

/** The use cases that this face calls. */
export type FaceControl = Pick<
  Control,
  | 'addNodegroup'
  | 'changeCluster'
  | 'changeNodegroup'
  | 'changeSpec'
  | 'clusterByName'
  | 'clusterView'
  | 'clusterViewByName'
  | 'clusterViews'
  | 'createCluster'
  | 'getFaceRecord'
  | 'getPlan'
  | 'getToken'
  | 'getUpgrade'
  | 'listFaceRecords'
  | 'listUpgrades'
  | 'nodegroupViews'
  | 'openRegistration'
  | 'planUpgrade'
  | 'putFaceRecord'
  | 'putToken'
  | 'removeCluster'
  | 'removeNodegroup'
  | 'routeTo'
  | 'startUpgrade'
  | 'tagTroubles'
  | 'wish'
>;

/** What CreateCluster asks for, before addresses, keys and certificates. What is left out is as usual. */
export interface RequestedCluster {
  readonly release: Release;
  readonly serviceCidr?: string;
  /** Members of etcd. */
  readonly etcd: 1 | 3;
  readonly soakMs?: number;
  readonly drainTimeoutMs?: number;
  /** Of a balancer of its owner's: then no front door is made. */
  readonly endpoint?: string;
  readonly face: Readonly<Record<string, unknown>>;
}

/** What every operation of this API works with. */
export interface FaceParts {
  readonly control: FaceControl;
  readonly catalog: KubernetesCatalog;
  /** The description of a cluster as the engine takes it. */
  readonly requestedSpec: (request: RequestedCluster) => KubernetesSpec;
  /** The version of clusters that name none. */
  readonly defaultVersion: string;
  readonly now: () => Instant;
  /** UUIDs. */
  readonly newId: () => string;
  readonly log: Log;
}

export type Json = Readonly<Record<string, unknown>>;

/** One request to one operation, read, authenticated and allowed. */
export interface Call {
  readonly operation: string;
  readonly caller: Caller;
  readonly place: Place;
  /** Values of the path's `{names}`, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  /** Without the members that are null: to this API they are absent. */
  readonly body: Json;
}

export interface Reply {
  readonly kind: 'reply';
  readonly body: Json;
}

export type Answer = Reply | ApiError;

export type Operation = (parts: FaceParts, call: Call) => Promise<Answer>;

export function reply(body: Json): Reply {
  return { kind: 'reply', body };
}

/** The first value of a query member; names are taken as they are written. */
export function queryValue(call: Pick<Call, 'query'>, name: string): string | undefined {
  return call.query.find(([key]) => key === name)?.[1];
}

/** All values of a query member that may be repeated. */
export function queryValues(call: Pick<Call, 'query'>, name: string): readonly string[] {
  return call.query.filter(([key]) => key === name).map(([, value]) => value);
}
