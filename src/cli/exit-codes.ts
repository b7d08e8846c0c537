/** What the command ends with. Stable: scripts branch on them; `clusterlift --help` lists them. */
export const exitCodes = {
  ok: 0,
  /** The server said no, or could not be reached. */
  error: 1,
  /** The command line, a file or a value is not right. */
  usage: 2,
  /** Findings, or checks that could not run, hold the upgrade. */
  held: 3,
  /** The upgrade stopped and needs a person. */
  stopped: 4,
  /** The upgrade ended otherwise: paused, at a gate, cancelled. */
  endedOtherwise: 5,
  /** Ctrl-C while watching. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
