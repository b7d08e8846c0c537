/**
 * The acts that decide names and moves perform: this list is the contract between them. Every act may be cut off anywhere
 * and be asked for again; it is guarded by the identities in `on` (a process that was replaced since is `refused` with
 * `identity-changed`) and by the generation of its ticket. None waits for readiness: the next look tells what came of it.
 */
import type { Decision, Move } from '../../../domain/index.ts';

/** A release as parameters: `version` and `build` of the hop, or of etcd (`3.6.16`, build null). */
interface ReleaseParameters {
  readonly version: string;
  readonly build: string | null;
}

interface LaunchParameters extends ReleaseParameters {
  /**
   * Of an apiserver: the minor that it is to behave as, `1.35` (`--emulated-version=1.35`); null: its own. Null for
   * everybody else.
   */
  readonly emulate: string | null;
}

/** Nothing to tell. */
type NoParameters = Readonly<Record<string, never>>;

export interface Acts {
  /**
   * `on` is empty. Gets the programs of a release ready on one host: `component` is `kubernetes` (a release of the
   * catalog) or `etcd`. Done: the host's facts name the release among what lies ready (`releaseKey`).
   */
  readonly prefetch: ReleaseParameters & { readonly host: string; readonly component: 'kubernetes' | 'etcd' };
  /**
   * `on` is one healthy etcd member, a follower where there is one. Takes a snapshot of the key space over its client
   * port, puts it where the upgrade's snapshots are kept and looks at it again; says where it lies and how big it is.
   * Asked for once a hop: that it is done is marked.
   */
  readonly 'snapshot-etcd': NoParameters;
  /** `on` is the etcd member that leads. Moves the leadership to the member named `to`; done when that one leads already. */
  readonly 'move-etcd-leader': { readonly to: string };
  /**
   * `on` is one etcd member, apiserver, controller manager or scheduler. Stops exactly the process of the identity
   * (SIGTERM, its own delay drains it) and starts it again as told, in one act. Where no process of that identity runs any
   * more and none other does, it is started.
   */
  readonly 'replace-member': LaunchParameters;
  /**
   * `on` is a member whose process is gone, the front door included, nodes not. Starts it as told. One that runs already
   * is left as it is, and that is `done`. Of a front door, version and build are those that its host recorded, else null.
   */
  readonly 'start-member': { readonly version: string | null; readonly build: string | null; readonly emulate: string | null };
  /** `on` is the place for one apiserver more, which does not run. Starts it as told; one that runs already is `done`. */
  readonly 'start-surge': LaunchParameters;
  /**
   * `on` is the place for one apiserver more. Stops the process of the identity and leaves it stopped. `wait` `no`: done as
   * soon as it was told to end; asked for once more, the act waits for that end and tells it nothing again.
   */
  readonly 'stop-surge': { readonly wait: 'no' | null };
  /**
   * `on` is empty. Every apiserver behaves as `version`. Every object that is kept in etcd and can be listed and updated
   * is written back as it is (a page at a time, with its resourceVersion; a conflict means that somebody else has just
   * written it, which is as good), so that nothing stays stored in a version that only the newer minor can read. Objects
   * of group-versions that are not served now are left. Run twice it writes nothing more.
   */
  readonly 'rewrite-storage': { readonly version: string };
  /**
   * `on` is one node. Sets `spec.unschedulable`. `owner` null: it is ours, and our annotation goes with it in the same
   * patch (`SeenKubernetesNode.cordonedByUs`). `owner` `true`: its owner had it cordoned before we replaced it, and so it
   * is again: no annotation of ours.
   */
  readonly cordon: { readonly owner: 'true' | null };
  /** `on` is one node that we cordoned. Takes the cordon and our annotation away in one patch. A node that is gone: done. */
  readonly uncordon: NoParameters;
  /**
   * `on` is one node. Asks for the eviction of every pod on it that an eviction is for (no mirror pod, none of a DaemonSet,
   * none that is ending already), each once and not again in this act. `done` with the names of those that a budget kept
   * (429) in `says`; `failed` with the server's own words where one got another error (two budgets on one pod: 500).
   */
  readonly 'evict-pods': NoParameters;
  /** `on` is one node. Deletes the pods that `evict-pods` would evict, whatever their budgets say (their grace time is kept). */
  readonly 'delete-pods': NoParameters;
  /**
   * `on` is a node that does not run, the surge place of a group included. Gives it a certificate (`system:node:NAME`) and
   * starts it with the labels and taints of its group. One that runs already is `done`.
   */
  readonly 'start-node': ReleaseParameters;
  /**
   * `on` is one node, drained. Stops exactly the process of the identity, deletes its Node object (guarded by its uid) and
   * starts it at the release under the same name, as `start-node` does. Where its process is gone already it goes on from
   * there.
   */
  readonly 'replace-node': ReleaseParameters;
  /** `on` is the surge node of a group, drained. Stops its process and deletes its Node object; run twice it finds neither. */
  readonly 'remove-node': NoParameters;
}

export type ActName = keyof Acts;

/** An act as decide hands it over: its parameters are those of its name in `Acts`. */
export type KubernetesAct = Extract<Move, { do: 'act' }>;

export type ActDecision = Decision & { readonly move: KubernetesAct };
