/**
 * A simulated host with faithful Elasticsearch clusters in memory: the Host contract and the nodes' REST APIs over real
 * loopback ports. Where it lies is written in the README beside this file.
 * It does not know: upgrades, engines, Clusterlift's own state.
 */

export type { HeldAct, Hold, HoldPoint } from '../hold.ts';
export { createSimulatedHost, type SimulatedHostOptions } from '../host/client.ts';
export type { Journal } from '../journal.ts';
export type { WantedCluster } from './add-cluster.ts';
export { elasticsearchProgram } from './program.ts';
export { elasticsearchRehearsals } from './rehearsal.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';
