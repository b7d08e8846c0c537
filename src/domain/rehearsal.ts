import type { Cluster } from './cluster.ts';
import type { EngineIo } from './engine.ts';
import type { Reason } from './reason.ts';
import type { UpgradeStatus } from './upgrade.ts';

/** What goes wrong in one run of a rehearsal. */
export type RehearsalFault =
  | { readonly fault: 'member-does-not-return'; readonly member: string }
  | { readonly fault: 'member-returns-slowly'; readonly member: string }
  | { readonly fault: 'settings-answer-lost' };

/** A cluster as it was seen, in a world of its own whose time passes only while everybody waits. */
export interface RehearsalWorld {
  /** What is lifted there in place of the real one. */
  readonly cluster: Cluster;
  readonly io: EngineIo;
  /** Simulated milliseconds since the run began. */
  nowMs(): number;
  /** What must never happen and did, in sentences. */
  violations(): readonly string[];
  close(): void;
}

export interface RehearsalRequest {
  readonly cluster: Cluster;
  /** What an observation saw of it. */
  readonly seen: unknown;
  readonly seed: number;
  readonly beganMs: number;
  readonly fault: RehearsalFault | null;
}

/** What a rehearsal needs of a simulator. */
export interface Rehearsals {
  /** Faults that this cluster can meet. */
  faultsOf(cluster: Cluster): readonly RehearsalFault[];
  open(request: RehearsalRequest): RehearsalWorld;
}

/** How one run ended. */
export interface RehearsedRun {
  readonly seed: number;
  readonly fault: RehearsalFault | null;
  /** `running`: not ended within the time that a run has. */
  readonly status: UpgradeStatus;
  readonly reason: Reason | null;
  readonly tookMs: number;
  /** Members in the order in which they were taken, those of one move together. */
  readonly waves: readonly (readonly string[])[];
  readonly violations: readonly string[];
}
