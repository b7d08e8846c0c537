/**
 * The simulated host: clusters in memory that answer on loopback as the real ones do, each in a world of its own.
 * It does not know: upgrades, engines, who asks.
 */
export type { Kept } from './cluster-worlds.ts';
export { createSimulatedHost, type SimulatedHostOptions } from './host/client.ts';
export type { ClusterWorld, Program, WorldParts } from './program.ts';
export { type Simulation, type SimulationOptions, startSimulation } from './simulation.ts';
