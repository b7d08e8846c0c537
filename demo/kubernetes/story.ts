import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EksRig, type KubernetesLoad, NativeRig, startKubernetesLoad } from '../../test/rig/index.ts';
import type { Stage, Story, Told } from '../story.ts';
import { type EksCaller, eksCaller, writeKubeconfig } from './eks-caller.ts';
import { tellHop } from './hop.ts';
import { Members } from './members.ts';
import { prepare } from './prepare.ts';
import { type DemoResult, isWhole, reportOf, tableOf, tableOfHop, wrongOf } from './table.ts';
import { Workload } from './workload.ts';

const name = 'demo';
const nodegroup = 'blue';
const nodes = 2;
const [older, newer] = ['1.36', '1.37'] as const;
/** kubectl is a component's own; either fits both minors. */
const kubectlOf = 'kubernetes-1.36.3';
const soakSeconds = 20;
const requestsPerSecond = 30;
const upTimeoutMs = 10 * 60_000;
/** The client goes on a little before the first hop and after the last, so that both ends are seen. */
const calmMs = 3_000;

export const kubernetesStory: Story = {
  name: 'kubernetes',
  says: `Clusterlift lifts a real Kubernetes control plane, ${older} → ${newer}, and takes it back to ${older}, while it serves.`,
  prepare,
  tell: async (stage) => toldOf(await lift(stage)),
};

interface Made {
  readonly stage: Stage;
  readonly native: NativeRig;
  readonly caller: EksCaller;
  readonly clusterId: string;
  readonly kubeconfig: string;
}

function toldOf(result: DemoResult): Told {
  return {
    whole: isWhole(result),
    table: tableOf(result),
    wrong: wrongOf(result),
    report: reportOf(result),
    next: [
      `node bin/clusterlift.js cluster kubeconfig ${name} > demo.kubeconfig && kubectl --kubeconfig=demo.kubeconfig get nodes`,
      `node bin/clusterlift.js plan ${name} ${newer}`,
      'export AWS_ENDPOINT_URL=$CLUSTERLIFT_URL AWS_DEFAULT_REGION=eu-central-1',
      'export AWS_ACCESS_KEY_ID=$CLUSTERLIFT_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY=$CLUSTERLIFT_SECRET_ACCESS_KEY',
      `aws eks list-updates --name ${name} && aws eks update-kubeconfig --name ${name} && kubectl get nodes`,
    ],
  };
}

/** From nothing to the newer minor and back. */
async function lift(stage: Stage): Promise<DemoResult> {
  const { screen } = stage;
  const made = await makeCluster(stage);
  const workload = new Workload(kubectlOf, made.kubeconfig);
  await screen.step(
    'a deployment, and a budget that protects its pods',
    () => workload.start(),
    (pods) => `a deployment of ${pods} pods on ${nodes} nodes, and a budget that protects them`,
  );
  const load = await screen.step(
    'a client begins',
    () => startLoad(made),
    () => `a client of client-go reads, writes and watches, ${requestsPerSecond} requests a second, and goes on to the end`,
  );
  try {
    const members = new Members(await made.native.cluster(made.clusterId), stage.folder);
    const what = { ...made, name, load, members, rows: members.rows(nodegroup), kubectlOf };
    const up = await tellHop({ ...what, from: older, to: newer, category: 'UPGRADE_READINESS' });
    screen.line();
    for (const line of tableOfHop(up)) screen.line(line);
    await pause(calmMs, undefined, { signal: stage.signal });
    const back = await tellHop({ ...what, from: newer, to: older, category: 'ROLLBACK_READINESS' });
    await pause(calmMs, undefined, { signal: stage.signal });
    const report = await screen.step('every object is read back and compared', () => load.stop());
    const pods = await workload.compare();
    return { calledBy: made.caller.client, hops: [up, back], load: report, pods };
  } finally {
    await load.stop().catch(() => undefined);
  }
}

async function makeCluster(stage: Stage): Promise<Made> {
  const { screen, server, folder } = stage;
  const native = new NativeRig(server);
  const eks = new EksRig(server);
  const idOf = async () => (await native.clusterIds())[0] ?? '';
  const says = (line: string) => screen.line(`  ${screen.dim(line)}`);
  const caller = eksCaller({ server, folder, clusterId: idOf, says });
  screen.line(`  ${screen.good('✔')} calls are made by ${caller.client}`);
  await caller.create({ name, version: older, tags: { 'clusterlift:soak-seconds': String(soakSeconds) } });
  await screen.step(
    'etcd, two apiservers, two controller managers, two schedulers and their front door start',
    () => eks.waitActive(name, upTimeoutMs),
    ({ version, platformVersion, endpoint }) =>
      `the control plane is ACTIVE: Kubernetes ${version} (${platformVersion}) at ${endpoint}`,
  );
  const clusterId = await idOf();
  const kubeconfig = join(folder, 'admin.kubeconfig');
  await writeKubeconfig(server, clusterId, kubeconfig);
  await caller.createNodegroup(name, nodegroup, nodes);
  await screen.step(
    `node group ${nodegroup}: real kubelets without containers join`,
    () => eks.waitNodegroupActive(name, nodegroup, upTimeoutMs),
    () => `node group ${nodegroup} is ACTIVE: ${nodes} real kubelets without containers`,
  );
  return { stage, native, caller, clusterId, kubeconfig };
}

async function startLoad({ stage, kubeconfig }: Made): Promise<KubernetesLoad> {
  const report = join(stage.folder, 'load.json');
  const load = await startKubernetesLoad({ kubeconfig, namespace: 'load', report, rate: requestsPerSecond });
  return once(load);
}

/** Whatever ends the story may end the client again. */
function once(load: KubernetesLoad): KubernetesLoad {
  let ended: ReturnType<KubernetesLoad['stop']> | null = null;
  return {
    ...load,
    stop: () => {
      ended ??= load.stop();
      return ended;
    },
  };
}
