/**
 * The simulated world: processes, data folders, clusters, allocation. Its functions are given the time and the dice.
 * It does not know: HTTP, Clusterlift's hosts, real time.
 */
export * from './allocate.ts';
export * from './cluster-state.ts';
export * from './deciders.ts';
export * from './dice.ts';
export * from './indices.ts';
export { cancelCopy } from './lose-copies.ts';
export * from './membership.ts';
export * from './model.ts';
export * from './partition.ts';
export * from './processes.ts';
export * from './quorum.ts';
export * from './settings.ts';
export * from './snapshots.ts';
export * from './startup.ts';
export * from './tick.ts';
export * from './units.ts';
export * from './versions.ts';
