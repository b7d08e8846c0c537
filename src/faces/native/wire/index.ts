export * from './cluster.ts';
export * from './common.ts';
export * from './key.ts';
export * from './new-cluster.ts';
export * from './plan.ts';
export * from './policy.ts';
export * from './release.ts';
export * from './upgrade.ts';
