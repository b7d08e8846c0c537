import type { Catalog, Cluster, Engine, EngineName, Log, MakerIo, MemberTrial, Release, Store } from '../domain/index.ts';

/** Carries upgrades on: durable, so that whatever dies is taken up again. */
export interface Loop {
  /** Begins (or has begun already) to carry this generation of an upgrade on. */
  /** `begun`: something of it was done already, so that it goes before those that have not begun. */
  start(upgradeId: string, generation: number, begun?: boolean): Promise<void>;
}

/** `now`: somebody waits for it. `ahead`: so that it is there when somebody asks; it leaves a cluster alone that is being lifted. */
export type Urgency = 'now' | 'ahead';

/** Trial starts in the background. */
export interface Trials {
  /** Outcomes as stored, `pending` where nobody has asked yet; asks for what is missing. */
  of(cluster: Cluster, releases: readonly Release[], wanted: Urgency): Promise<readonly MemberTrial[]>;
}

export interface Engineering {
  readonly engine: Engine;
  readonly catalog: Catalog;
}

/** Everything the use cases work with; the server hands it over. */
export interface ControlParts {
  readonly store: Store;
  readonly engines: Readonly<Partial<Record<EngineName, Engineering>>>;
  readonly io: MakerIo;
  readonly trials: Trials;
  readonly log: Log;
  /** The host that clusters are made on where nobody names another than `local`. Absent: `local`. */
  readonly madeOn?: string;
  readonly newId: () => string;
  /** Random texts of [a-z0-9] of that length. */
  readonly newName: (length: number) => string;
  readonly newSecret: () => string;
  /** A folder of this machine for snapshots of a created cluster. */
  readonly repositoryFolder: (clusterId: string) => string;
  /** Where the members of a Kubernetes cluster ask who a bearer token belongs to. */
  readonly authenticationUrl: (clusterId: string) => string;
}

export function engineOf(parts: Pick<ControlParts, 'engines'>, cluster: Pick<Cluster, 'engine'>): Engineering {
  const found = parts.engines[cluster.engine];
  if (found === undefined) throw new Error(`no engine ${cluster.engine} is here`);
  return found;
}
