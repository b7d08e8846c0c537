/** How much of what is over is kept. What is not over is never forgotten by it. */
export interface Retention {
  /** Newest upgrades of each cluster that stay however old they are, and so do as many changes of configuration. */
  readonly upgradesPerCluster: number;
  /** Others go so long after their end. */
  readonly upgradesKeptMs: number;
  /** Newest events that an upgrade keeps, also while it runs; its first one stays besides. */
  readonly eventsPerUpgrade: number;
  /** So long after its end an upgrade keeps its last few events alone. */
  readonly eventsKeptMs: number;
  /** So long after a call its entry in the audit trail goes. */
  readonly auditKeptMs: number;
}

/** Events that tell how an upgrade ended: they stay as long as it does. */
export const lastEventsKept = 20;

const dayMs = 24 * 60 * 60_000;

/** What is kept where nobody says otherwise. */
export const usualRetention: Retention = {
  upgradesPerCluster: 100,
  upgradesKeptMs: 30 * dayMs,
  eventsPerUpgrade: 5_000,
  eventsKeptMs: 30 * dayMs,
  auditKeptMs: 90 * dayMs,
};
