/** Every wait and every retry of the command line has its limit here. */
export const limits = {
  /** An answer may take this long; planning looks at every node and asks every check. */
  answerTimeoutMs: 120_000,
  /** A server reads no larger observation. */
  exportedMaxBytes: 8 * 1_024 * 1_024,
  /** What is safe to send twice is sent this often when the connection breaks or the server says that it is away. */
  sendAttempts: 3,
  sendAgainMs: 1_000,
  /** While watching: tries in a row that bring nothing new before giving up, and the waits between them. */
  watchAttempts: 60,
  watchAgainMs: 500,
  watchAgainAtMostMs: 5_000,
  /** A connection that held this long was a good one: counting begins afresh. */
  watchCalmMs: 30_000,
  /** The server sends a heartbeat several times within this; silence means that the connection is dead. */
  watchSilenceMs: 60_000,
  /** While watching on a terminal: how often times move, and how often it is looked where no event asks for it. */
  liveTickMs: 1_000,
  liveLookMs: 5_000,
  /** `events --follow`: between two looks for new ones. */
  eventsAgainMs: 2_000,
  /** `plan --wait`: how long it waits for what passes by itself, and between two plans. */
  trialWaitMs: 10 * 60_000,
  trialLookAgainMs: 5_000,
  /** `doctor`: a program that is asked for its version; the first start of one in Python takes seconds. */
  probeMs: 30_000,
  /** Pages that are read of a list or of an upgrade's events. */
  pages: 100,
  pageSize: 200,
} as const;
