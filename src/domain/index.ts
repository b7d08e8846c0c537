/**
 * The words of Clusterlift and its pure rules: release, route, check, plan, guard, move, upgrade, and every port
 * (engine, host, store, access) as a type.
 *
 * It does not know: any I/O, any clock, any randomness, any concrete engine, host, store or face.
 */
export * from './access.ts';
export * from './access-policy.ts';
export * from './address.ts';
export * from './catalog.ts';
export * from './certificates.ts';
export * from './check.ts';
export * from './cluster.ts';
export * from './elasticsearch.ts';
export * from './engine.ts';
export * from './exported-observation.ts';
export * from './fence.ts';
export * from './guard.ts';
export * from './host.ts';
export * from './kubernetes.ts';
export * from './ledger.ts';
export * from './ledger-changes.ts';
export * from './log.ts';
export * from './member-identity.ts';
export * from './move.ts';
export * from './observation.ts';
export * from './own-tags.ts';
export * from './plan.ts';
export * from './policy.ts';
export * from './reason.ts';
export * from './rehearsal.ts';
export * from './release.ts';
export * from './retention.ts';
export * from './route.ts';
export * from './store.ts';
export * from './trial.ts';
export * from './trial-rules.ts';
export * from './upgrade.ts';
