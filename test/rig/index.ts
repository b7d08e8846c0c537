/**
 * What the demo, the tests on real clusters and the benches stand on: a Clusterlift server as a child process on a state
 * folder of its own, the clients that talk to it, and a look at the nodes themselves.
 *
 * It does not know: the server's code. It sees its command line, its public APIs and the nodes' REST addresses.
 */
export { AliyunRig, type DryRunItem, type NewInstance } from './aliyun.ts';
export { type CliEnd, CliRig } from './cli.ts';
export { ControlPlaneRig, nothingLost, untroubled } from './control-plane.ts';
export { EksRig, type NewEksCluster } from './eks.ts';
export { type KillMoment, killAt, randomMoment } from './kill.ts';
export { kubectl } from './kubectl.ts';
export { type KubernetesLoad, type LoadProgress, type LoadReport, startKubernetesLoad } from './kubernetes-load.ts';
export { launchesOf } from './launches.ts';
export { type ClusterRow, type EventRow, NativeRig, type PlanRow, type TrialRow, type UpgradeRow } from './native.ts';
export { NodesRig } from './nodes.ts';
export { type ActionRecord, PopRig } from './pop.ts';
export { freePorts } from './ports.ts';
export { endProcessesOf, processesOf } from './processes.ts';
export { missingTools } from './requirements.ts';
export { randomFrom, seedOfRun } from './seed.ts';
export { type ServerRig, type StartOptions, startServer } from './server.ts';
export { type Squatter, squat } from './squatter.ts';
export { makeStateFolder, removeStateFolder } from './state-folder.ts';
export { eventually } from './waiting.ts';
