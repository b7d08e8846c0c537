/**
 * What the demo, the tests on real clusters and the benches stand on: a Clusterlift server as a child process on a state
 * folder of its own, the clients that talk to it, and a look at the nodes themselves.
 *
 * It does not know: the server's code. It sees its command line, its public APIs and the nodes' REST addresses.
 */
export { AliyunRig, type DryRunItem, type NewInstance } from './aliyun.ts';
export { type EventRow, NativeRig, type PlanRow, type TrialRow, type UpgradeRow } from './native.ts';
export { NodesRig } from './nodes.ts';
export { endProcessesOf, processesOf } from './processes.ts';
export { missingTools } from './requirements.ts';
export { type ServerRig, type StartOptions, startServer } from './server.ts';
export { makeStateFolder, removeStateFolder } from './state-folder.ts';
export { eventually } from './waiting.ts';
