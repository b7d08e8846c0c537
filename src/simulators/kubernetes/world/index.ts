/**
 * The simulated cluster: its objects and every change of them, nodes, leases, and the controllers that follow objects up. Its
 * functions are given the time and the dice; nothing in it waits.
 * It does not know: HTTP, processes, hosts, real time.
 */
export * from './apiservers.ts';
export * from './clock.ts';
export { setControllers, setEtcd } from './controllers/index.ts';
export * from './create-world.ts';
export * from './eviction.ts';
export * from './leases.ts';
export * from './model.ts';
export * from './node-conditions.ts';
export * from './nodes.ts';
export * from './objects.ts';
export * from './resources.ts';
export * from './selectors.ts';
export * from './store.ts';
