/** Every wait and every retry of a lift has its limit here. */
export const limits = {
  /** Between two looks while something is about to change. */
  lookAgainMs: 250,
  /** Between two looks while nothing is expected soon. */
  lookAgainSlowlyMs: 2_000,
  /** A started member must be back in its cluster within this time. */
  joinTimeoutMs: 10 * 60_000,
  /** After this time without SIGTERM taking effect the process group is killed. */
  stopTimeoutMs: 120_000,
  /** How often a member that was taken and still runs as before is stopped before a person is asked. */
  stopAttempts: 5,
  /** How often a process that its owner started is taken under care before a person is asked. */
  adoptAttempts: 3,
  /** How long a member may be in the cluster while its process is not known before a person is asked. */
  processPatienceMs: 2 * 60_000,
  /** How often a member is started at the new release before a person is asked. */
  startAttempts: 2,
  /** Starts of one member a generation, whatever came of them. */
  startsInAll: 5,
  /** How long nobody in the cluster may answer before a person is asked. */
  unreachableMs: 15 * 60_000,
  /** A cluster may be red this long (a primary coming up) before a person is asked. */
  redPatienceMs: 2 * 60_000,
  /** Shards may move this long between waves before a person is asked. */
  settleTimeoutMs: 6 * 60 * 60_000,
  /** A quiet yellow cluster whose unassigned copies nobody explains is taken as permanently yellow after this time. */
  unexplainedYellowMs: 60_000,
  /** Leaving (pause, cancel, stop) waits this long for the rest to settle. */
  exitSettleMs: 5 * 60_000,
  /** How long the next wave may be held back by a guard before a person is asked. */
  guardPatienceMs: 2 * 60_000,
  /** How long allocation stays frozen while no wave can be taken. */
  frozenPatienceMs: 30_000,
  /** A trial may take this long to finish before a person is asked. */
  trialWaitMs: 30 * 60_000,
  /** Fetching artefacts is tried this often. */
  prefetchAttempts: 3,
  /** `reroute?retry_failed` is asked for this often a hop. */
  retryFailedAttempts: 2,
  /** Putting settings back is tried this often before a person is asked. */
  thawAttempts: 20,
  freezeAttempts: 20,
  hookAttempts: 3,
  hookTimeoutMs: 60_000,
} as const;
