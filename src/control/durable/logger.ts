import type { Log } from '../../domain/index.ts';

/** What DBOS has to say, in our log: its everyday notes are details. */
export function dbosLogger(log: Log) {
  const details = (metadata: unknown) => (metadata === undefined ? {} : { dbos: metadata });
  return {
    debug: (entry: unknown, metadata?: unknown) => log.debug(details(metadata), text(entry)),
    info: (entry: unknown, metadata?: unknown) => log.debug(details(metadata), text(entry)),
    warn: (entry: unknown, metadata?: unknown) => log.warn(details(metadata), text(entry)),
    error: (entry: unknown, metadata?: unknown) => log.error(details(metadata), text(entry)),
  };
}

function text(entry: unknown): string {
  if (entry instanceof Error) return entry.message;
  return typeof entry === 'string' ? entry : JSON.stringify(entry);
}
