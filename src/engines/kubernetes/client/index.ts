/**
 * Calls to an apiserver or a member of etcd over TLS, one kind of call a file. Answers are checked against a schema where
 * they come in; ends are values.
 * It does not know: what the answers are for, hosts, plans, which of several places is asked.
 */
export * from './answer.ts';
export * from './credentials.ts';
export * from './etcd.ts';
export * from './evict.ts';
export * from './kubernetes.ts';
export * from './metrics.ts';
export type { Limits, Sent } from './send.ts';
