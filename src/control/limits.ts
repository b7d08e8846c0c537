/** Every wait of the use cases and of the loop has its limit here. */
export const limits = {
  /** A turn that only waits ends after this time, so that a journal entry is made now and then. */
  turnTimeMs: 30_000,
  /** Upgrades that a server looks at side by side; looks at all that it carries on together come no faster than one in that time. */
  looksAtOnce: 24,
  lookSpacingMs: 5,
  /** And none waits longer for that: what is in hand must be seen well before anybody's patience ends. */
  lookStretchedMaxMs: 10_000,
  /** One that takes longer no longer keeps others waiting. */
  lookSlowMs: 2_000,
  /** An act may take this long: fetching an artefact over a slow line. */
  actTimeoutMs: 60 * 60_000,
  /** Steps of one workflow; then the next generation begins, so that journals stay short. */
  stepsPerWorkflow: 200,
  /** A turn that threw is tried again this often before a person is asked. */
  turnAttempts: 8,
  turnRetrySeconds: 1,
  /** How often a wish is written again when the upgrade changed meanwhile. */
  wishAttempts: 10,
  /** An upgrade that nobody lets past its gate within this time is cancelled. */
  gateExpiryMs: 7 * 24 * 60 * 60_000,
  /** A created cluster must have formed within this time. */
  provisionTimeoutMs: 15 * 60_000,
  /** Besides, its owner has this long for what he alone can do, such as telling a balancer of his own about the apiservers. */
  provisionByOwnerTimeoutMs: 24 * 60 * 60_000,
  provisionByOwnerLookMs: 2_000,
  provisionLookMs: 500,
  /** A member of a cluster that is made is started so often. */
  formAttempts: 5,
  /** What throws while a cluster is made may pass by itself; after so many times the cluster has failed. */
  provisionAttempts: 10,
  provisionRetryMs: 2_000,
  /** Everything that it needs is fetched within this time. */
  fetchTimeoutMs: 60 * 60_000,
  /** Members of one that could not be made are asked to end so often, and have this long for it. */
  endAttempts: 10,
  endRetryMs: 2_000,
  endStopTimeoutMs: 30_000,
  /** Clusters that are looked after in one sweep; the next ones follow in the next. */
  clustersTendedAtOnce: 300,
  /** Clusters that are looked at side by side for their upkeep: upgrades must not wait for answers behind those of all others. */
  keepUpLooksAtOnce: 8,
  /** A member that ends whenever it is started is started the third time after twice this time, then after twice that. */
  keepUpAgainMs: 5_000,
  keepUpAgainLongestMs: 5 * 60_000,
  /** One act of it may take this long: nobody waits for it, and what it would do may have to be something else by then. */
  keepUpActTimeoutMs: 10 * 60_000,
  /** What was not needed for this long begins afresh. */
  keepUpForgottenMs: 15 * 60_000,
  eraseAttempts: 5,
  eraseRetryMs: 2_000,
  eraseFoldersTimeoutMs: 60_000,
  trialTimeoutMs: 5 * 60_000,
  /** Trials that run side by side on a host; a simulated one has room. */
  trialsAtOnce: 1,
  simulatedTrialsAtOnce: 32,
  /** One that takes longer no longer keeps others waiting, but for so many of them. */
  trialSlowMs: 60_000,
  trialsSlowMax: 2,
  /** A trial begins only where this much memory would stay free. */
  trialMinFreeMemoryBytes: 768 * 1024 * 1024,
  /** A trial that could not run is tried again when it is asked for after this time. */
  trialRetryMs: 60_000,
  /** What nobody waits for is asked for when its cluster has changed, and otherwise after this time. */
  trialAheadMs: 60_000,
  /** One that nobody waits for: after twice that time whenever it could not run again, but never later than this. */
  trialRetryLongestMs: 6 * 60 * 60_000,
  leaseMs: 9_000,
  leaseRenewMs: 4_000,
  sweepMs: 5_000,
  /** Journals of workflows that have ended are kept this long, and looked for this often. */
  journalKeptMs: 60 * 60_000,
  forgetJournalsMs: 60_000,
  /** Upgrades and events that the policy of the configuration no longer keeps are looked for this often. */
  forgetOverMs: 10 * 60_000,
  /** A plan that no upgrade was begun with is kept this long. */
  planKeptMs: 24 * 60 * 60_000,
  /** A rehearsal ends after this time with the runs that were made until then. */
  rehearsalTimeoutMs: 5 * 60_000,
  rehearsalsAtOnce: 1,
  rehearsalNodesMax: 100,
  rehearsalCopiesMax: 5_000,
  rehearsalPodsMax: 2_000,
  /** On a clean exit, acts in hand are waited for this long. */
  closeTimeoutMs: 90_000,
} as const;
