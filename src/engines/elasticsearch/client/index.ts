/**
 * Calls to a cluster's REST API, versions 5.5 to 9, one kind of call a file; ends are values.
 * It does not know: what the answers are for, hosts, plans.
 */
export * from './explain.ts';
export * from './flush.ts';
export * from './json.ts';
export * from './request.ts';
export * from './settings.ts';
