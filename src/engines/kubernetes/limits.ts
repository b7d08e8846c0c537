/** Every wait and every retry of a lift has its limit here. */
export const limits = {
  /** Between two looks while something is about to change. */
  lookAgainMs: 500,
  /** Between two looks while a member that was started is to get ready. */
  lookAgainInHandMs: 250,
  /** Between two looks while nothing is expected soon. */
  lookAgainSlowlyMs: 2_000,
  /** After this time without SIGTERM taking effect the process group is killed. An apiserver whose watches stay open takes about a minute. */
  stopTimeoutMs: 90_000,
  /** A started member must be ready within this time. */
  readyTimeoutMs: 5 * 60_000,
  /** A member that has just become ready counts when it has stayed so this long: the balancer asks twice a second, and once is enough. */
  steadyMs: 500,
  /** One that is still not ready after this time was not started a moment ago: whoever resumes has it started again. */
  stalledMs: 60_000,
  /** How often a member is started as something before that is given up. */
  startAttempts: 2,
  /** Starts of one member as the same thing a generation, whatever came of them. */
  startsInAll: 5,
  /** How often a member that still runs as before is replaced before a person is asked. */
  replaceAttempts: 5,
  /** How often a member that ended by itself is started again a generation. */
  restartAttempts: 3,
  /** How long it may stay unknown whether a process runs before a person is asked. */
  processPatienceMs: 2 * 60_000,
  /** How long nobody in the cluster may answer before a person is asked. */
  unreachableMs: 15 * 60_000,
  /** How long a member may be held back by a guard before a person is asked. */
  guardPatienceMs: 2 * 60_000,
  /** A lease that is not given back runs out after 15 seconds; a controller without a leader is waited for this long. */
  leaderPatienceMs: 2 * 60_000,
  /** Leaving (pause, cancel, stop) waits this long for the rest to settle. */
  exitSettleMs: 5 * 60_000,
  /** A trial may take this long to finish before a person is asked. */
  trialWaitMs: 30 * 60_000,
  /** Getting programs ready is tried this often. */
  prefetchAttempts: 3,
  /** A snapshot or a rewriting takes minutes: one that was cut off because our server ended counts as well, and is no failure. */
  snapshotAttempts: 5,
  rewriteAttempts: 5,
  moveLeaderAttempts: 3,
  /** Putting the place for one apiserver more away is tried this often. */
  stopSurgeAttempts: 5,
  /** Taking a cordon or a surge node away is tried this often. */
  cleanAttempts: 10,
  /** Pods of a node must be gone within this time, unless the cluster's owner set another. */
  drainTimeoutMs: 15 * 60_000,
  /** A cordon that fails is asked for this often, with so much time in between. */
  cordonAttempts: 5,
  cordonAgainMs: 5_000,
  /** Between two rounds of evictions while a budget keeps pods. */
  evictAgainMs: 5_000,
  /** The longest time between two rounds. */
  evictAgainLongestMs: 60_000,
  /** Pods that may be deleted are asked to leave for this long first, or for as long as a drain may take where that is less. */
  forceAfterMs: 60_000,
  /** Pods that were deleted by force must be gone within this time. */
  deleteTimeoutMs: 5 * 60_000,
  /** A way back is open this long after an upgrade. */
  rollbackWindowMs: 7 * 24 * 60 * 60_000,
} as const;
