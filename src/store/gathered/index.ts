/**
 * gathered: what every request asks for (who calls, which cluster), asked of the database for many requests at once. Nothing
 * is ever told from memory alone where others may write: the database says first whether a row is still the one that is kept.
 * It does not know: what a request is for, how rows are written.
 */
export { OwnWrites } from './own-writes.ts';
export { type GatheredReads, gatheredReads } from './reads.ts';
