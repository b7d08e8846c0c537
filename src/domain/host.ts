import type { ArtefactSource } from './catalog.ts';
import type { Instant, Release } from './release.ts';

/**
 * The fence. Every act carries the generation of the upgrade it was decided for; a host refuses one older than the
 * newest it has seen for that cluster, so that a server that was frozen and woke up can do nothing.
 */
export interface Ticket {
  readonly clusterId: string;
  readonly generation: number;
}

/** A process is known by its id and its start time as the kernel tells it (opaque): a reused pid has another start time. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

export type MemberProcess =
  | {
      readonly state: 'running';
      readonly identity: ProcessIdentity;
      readonly release: Release | null;
      readonly startedAt: Instant | null;
    }
  /** A launch is recorded and its process is not known yet; it resolves within seconds. */
  | { readonly state: 'launching' }
  | {
      readonly state: 'stopped';
      readonly release: Release | null;
      readonly exitCode: number | null;
      readonly lastLines: readonly string[];
    }
  /** Never started here. */
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly because: string };

/** Changes to a YAML file of settings, path relative to the member's folder. Names are flat; what is not named stays the owner's. */
export interface SettingsOverlay {
  readonly path: string;
  /** A `*` in a name stands for anything. */
  readonly remove: readonly string[];
  /** Placeholders are replaced. */
  readonly set: Readonly<Record<string, string | readonly string[]>>;
}

/** How to run one member at one release: made by the engine, carried out by the host, which knows nothing of engines. */
export interface Launch {
  readonly clusterId: string;
  readonly member: string;
  readonly release: Release;
  /** Tried in order. None: its command is a program of the machine, found by its name. */
  readonly artefacts: readonly ArtefactSource[];
  /** Programs that its own artefact must have, by name: not every one of a release has all. Absent: not asked about. */
  readonly programs?: readonly string[];
  /** Other programs that it needs beside its own artefact; `${tool:NAME}` is the folder of one. Absent: none. */
  readonly tools?: readonly { readonly name: string; readonly release: Release; readonly artefacts: readonly ArtefactSource[] }[];
  /** Java feature versions it can run on, null when it needs none. The host picks the oldest that fits. */
  readonly java: { readonly min: number; readonly max: number } | null;
  /**
   * Command and arguments. Placeholders: `${home}` the unpacked artefact, `${java}` the JDK's folder, `${member}` the
   * member's own folder (which has `conf/ data/ logs/ tmp/`), `${conf}`, `${data}`, `${logs}`, `${tmp}`.
   */
  readonly command: readonly string[];
  /** The same placeholders are replaced in values. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Written below the member's folder before the start, path relative to it (`conf/elasticsearch.yml`). Placeholders are
   * replaced in texts. `secret`: for the account that it runs as alone, and so is the folder that it lies in.
   */
  readonly files: readonly { readonly path: string; readonly text: string; readonly secret?: true }[];
  /**
   * Copied into the member's folder first, folders whole: from the artefact (`config/log4j2.properties` to
   * `conf/log4j2.properties`), or with an absolute path from the host itself. `except`: files in a folder that are left
   * out, paths relative to it.
   */
  readonly copies: readonly { readonly from: string; readonly to: string; readonly except?: readonly string[] }[];
  /** A settings file that was copied there, with some of its settings changed. Absent: none. */
  readonly overlay?: SettingsOverlay;
  /** Folders laid out by the owner instead of the member's own; null for ours. Its data folder says whom the member runs as. */
  readonly folders: { readonly conf: string | null; readonly data: string; readonly logs: string } | null;
  /** Folders outside the member's own that it writes to; made where they are missing, for the account that it runs as. */
  readonly sharedFolders: readonly string[];
  /** Answering here (any HTTP status, whatever certificate it shows) means that the process has come up. */
  readonly readyUrl: string;
  /** Tags of the cluster whose keys begin with `clusterlift:`. Absent: none. Only a simulated host heeds them. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Name of a class-data archive that a trial left; used by the real start where it exists. Null: none. The JVM flags are inserted at the `${archive}` argument. */
  readonly archive: string | null;
}

export type ActResult =
  /** `remark`: what the owner should know besides. */
  | { readonly kind: 'done'; readonly says: string; readonly remark?: string }
  /** Nothing was touched: the ticket is old, or the identity is no longer there. */
  | {
      readonly kind: 'refused';
      readonly because: 'older-generation' | 'identity-changed' | 'already-running';
      readonly says: string;
    }
  | { readonly kind: 'failed'; readonly says: string; readonly lastLines: readonly string[] };

export interface HostFacts {
  readonly javas: readonly { readonly feature: number; readonly home: string }[];
  readonly freeMemoryBytes: number | null;
  readonly prefetched: readonly string[];
}

/** The outcome of a trial start on the host. `refused` carries the process's own last lines. */
export type TrialRun =
  | { readonly kind: 'passed'; readonly tookMs: number; readonly archive: string | null }
  | { readonly kind: 'refused'; readonly lastLines: readonly string[]; readonly exitCode: number | null }
  | { readonly kind: 'could-not-run'; readonly because: string };

/** What can install, start, stop and describe a member. Every method may be called twice and killed anywhere. */
export interface Host {
  readonly kind: string;
  facts(clusterId: string): Promise<HostFacts>;
  /** The newest generation seen for this cluster, 0 when none. */
  generationOf(clusterId: string): Promise<number>;
  /** Records the ticket's generation (the fence) and gets the artefact ready. `told` hears now and then how far it is. */
  prefetch(
    ticket: Ticket,
    release: Release,
    artefacts: readonly ArtefactSource[],
    signal: AbortSignal,
    told?: (says: string) => void,
  ): Promise<ActResult>;
  /**
   * What it lacks to carry this launch out and cannot get by itself, each a sentence that says what to do. Nothing is
   * fetched or made. Absent: this host lacks nothing.
   */
  lacks?(launch: Launch): Promise<readonly string[]>;
  describe(clusterId: string, member: string): Promise<MemberProcess>;
  /** Takes a process that its owner started under our care; checks that it is alive. */
  adopt(ticket: Ticket, member: string, pid: number, release: Release): Promise<ActResult>;
  /** SIGTERM, wait, then SIGKILL of the whole group. `done` when no process of that identity is left. */
  stop(ticket: Ticket, member: string, identity: ProcessIdentity, stopTimeoutMs: number): Promise<ActResult>;
  /** Returns once the process is spawned and recorded; being spawned is not being ready. Refuses when one runs already. */
  start(ticket: Ticket, launch: Launch): Promise<ActResult>;
  /** Runs a command beside the member (hooks). */
  run(ticket: Ticket, member: string, command: readonly string[], timeoutMs: number): Promise<ActResult>;
  /** Starts the launch on scratch folders and scratch ports with low priority, waits for `readyUrl` or an exit, ends it. */
  trial(
    launch: Launch,
    limits: { readonly timeoutMs: number; readonly minFreeMemoryBytes: number },
    signal: AbortSignal,
  ): Promise<TrialRun>;
  /** Another text whenever a file below this folder of the host has changed. Absent: this host cannot tell. */
  fingerprint?(folder: string): Promise<string>;
  /**
   * A block of loopback addresses of which none listens on any of these ports, told by its first three numbers
   * (`127.77.3`); never one of those given.
   */
  freeLoopbackBlock(ports: readonly number[], taken: readonly string[]): Promise<string>;
  /** Free loopback ports, as many as asked for. */
  freePorts(count: number): Promise<readonly number[]>;
  /** How often each member was launched: one entry a launch, oldest first. */
  launches(clusterId: string, member: string): Promise<readonly { readonly release: Release; readonly at: Instant }[]>;
  /**
   * What is wrong with what tags ask of this host for a cluster of this engine, each a sentence that says what is known.
   * Absent: this host heeds none.
   */
  troublesWithTags?(engine: string, tags: Readonly<Record<string, string>>): Promise<readonly string[]>;
  /** Whatever of this cluster it keeps a folder of, also what no description names any more. Absent: this host cannot tell. */
  members?(clusterId: string): Promise<readonly string[]>;
  /** Stops what runs and erases the member's folder. For created clusters only. */
  erase(ticket: Ticket, member: string): Promise<ActResult>;
}
