import { DBOSClient } from '@dbos-inc/dbos-sdk';
import type { Pool } from 'pg';
import type { Log } from '../../domain/index.ts';
import { dbosLogger } from './logger.ts';

/** The workflows of upgrades, as the database holds them: also before this server takes any on. */
export interface Journal {
  /** Those of these ids that there are. */
  list(workflowIds: readonly string[]): Promise<readonly Entry[]>;
  /** Whether anything is in the queue. */
  anyWaits(): Promise<boolean>;
  /** What was taken from a server that died is not to be taken on again. */
  cancel(workflowIds: readonly string[]): Promise<void>;
  /** Queues it; one that is there stays. `begun`: it goes before those that were not. */
  start(upgradeId: string, generation: number, begun: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface Entry {
  readonly id: string;
  readonly status: string;
  readonly executorId: string | null;
}

/** The code of the workflow never changes: it is a loop of recorded turns and nothing more. */
export const applicationVersion = 'lift-1';
export const applicationName = 'clusterlift';
export const workflowName = 'lift';
export const queueName = 'lifts';

export function workflowId(upgradeId: string, generation: number): string {
  return `lift:${upgradeId}:${generation}`;
}

export async function openJournal(pool: Pool, log: Log): Promise<Journal> {
  const client = await DBOSClient.create({
    // The pool says where; the client wants to be told all the same.
    systemDatabaseUrl: String(pool.options.connectionString ?? ''),
    systemDatabasePool: pool,
    applicationName,
    logger: dbosLogger(log),
  });
  return {
    list: async (workflowIds) => {
      if (workflowIds.length === 0) return [];
      const known = await client.listWorkflows({ workflowIDs: [...workflowIds], loadInput: false, loadOutput: false });
      return known.map(({ workflowID, status, executorId }) => ({ id: workflowID, status, executorId: executorId ?? null }));
    },
    anyWaits: async () => {
      const waiting = await client.listWorkflows({
        queueName,
        status: 'ENQUEUED',
        limit: 1,
        loadInput: false,
        loadOutput: false,
      });
      return waiting.length > 0;
    },
    cancel: async (workflowIds) => {
      if (workflowIds.length > 0) await client.cancelWorkflows([...workflowIds]);
    },
    start: async (upgradeId, generation, begun) => {
      const queued = { workflowName, queueName, appVersion: applicationVersion, priority: begun ? 0 : 1 };
      await client.enqueue({ ...queued, workflowID: workflowId(upgradeId, generation) }, upgradeId, generation);
    },
    close: () => client.destroy(),
  };
}

/** False before the first launch on a database. */
export async function journalIsThere(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ there: boolean }>(`select to_regclass('dbos.workflow_status') is not null as there`);
  return rows[0]?.there === true;
}
