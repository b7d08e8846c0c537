import type { Release, TrialRun } from '../domain/index.ts';

/** What was done to a simulated world from outside, in order. Times are the caller's. */
export interface Journal {
  readonly launches: LaunchEntry[];
  readonly stops: StopEntry[];
  readonly settingsWrites: SettingsEntry[];
  readonly hooks: HookEntry[];
  readonly trials: TrialEntry[];
  /** Tickets that a host turned away. */
  readonly refusedTickets: { readonly clusterId: string; readonly generation: number; readonly newest: number }[];
}

export interface LaunchEntry {
  readonly clusterId: string;
  readonly member: string;
  readonly release: Release;
  readonly pid: number;
  readonly atMs: number;
}

export interface StopEntry {
  readonly clusterId: string;
  readonly member: string;
  readonly pid: number;
  readonly killed: boolean;
  readonly atMs: number;
}

export interface SettingsEntry {
  readonly cluster: string;
  readonly persistent: Readonly<Record<string, string | null>>;
  readonly transient: Readonly<Record<string, string | null>>;
  readonly atMs: number;
}

export interface HookEntry {
  readonly clusterId: string;
  readonly member: string;
  readonly command: readonly string[];
  readonly failed: boolean;
  readonly atMs: number;
}

export interface TrialEntry {
  readonly clusterId: string;
  readonly member: string;
  readonly release: Release;
  readonly outcome: TrialRun['kind'];
  readonly atMs: number;
}

export function newJournal(): Journal {
  return { launches: [], stops: [], settingsWrites: [], hooks: [], trials: [], refusedTickets: [] };
}
