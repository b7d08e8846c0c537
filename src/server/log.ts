import pino, { type Logger } from 'pino';
import type { Log } from '../domain/index.ts';

/** Details that must never be read in a log, wherever they stand. */
const secretPaths = [
  'password',
  'secret',
  '*.password',
  '*.secret',
  '*.*.password',
  'headers.authorization',
  '*.headers.authorization',
];

/** One JSON object a line on standard error. */
export function createLog(level: string): Log & { readonly flush: () => void } {
  const logger: Logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: secretPaths, censor: '[secret]' } },
    pino.destination({ fd: 2, sync: true }),
  );
  return {
    debug: (details, says) => logger.debug(details, says),
    info: (details, says) => logger.info(details, says),
    warn: (details, says) => logger.warn(details, says),
    error: (details, says) => logger.error(details, says),
    flush: () => logger.flush(),
  };
}
