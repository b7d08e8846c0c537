import type { Failure } from '../failure.ts';
import { printable } from './words.ts';

/** What, why, what to do; on stderr. */
export function reportFailure(failure: Failure): string {
  const says = printable(failure.message);
  const details = printable(failure.details).map((line) => `  ${line}\n`);
  const remedy = failure.remedy === null ? '' : `${printable(failure.remedy)}\n`;
  return `Error: ${says}\n${details.join('')}${remedy}`;
}
