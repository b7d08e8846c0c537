/**
 * Simulated control planes: processes of etcd, apiservers, controllers, a front door and nodes, with the rules that make
 * upgrades hard, over the API that they answer.
 * It does not know: upgrades, engines, the Host contract.
 */
export { Members } from './members.ts';
export type { Faults } from './processes/faults.ts';
export { kubernetesProgram } from './program.ts';
export { kubernetesRehearsals, type LaunchOf, simulatedPlane } from './rehearsal/index.ts';
