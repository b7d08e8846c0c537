import type { Command } from 'commander';
import { type Cluster, type Finding, Plan } from '../api/wire.ts';
import { findCluster } from '../find.ts';
import { limits } from '../limits.ts';
import { isHeld, obstaclesOf, passesByItself } from '../output/findings.ts';
import { showSeconds } from '../output/words.ts';
import type { Session } from '../session.ts';

/** What `plan` and `check` are asked about. */
export interface TargetOptions {
  readonly build?: string;
  readonly nodegroup?: string;
  readonly wait?: boolean;
}

export function addTarget(command: Command): Command {
  return command
    .argument('<cluster>', 'its id or its name')
    .argument('<version>', 'the version to lift it to, 6.7.0')
    .option('--build <id>', 'the build of that version; without it the usual one')
    .option('--nodegroup <name>', 'only the nodes of this group of a Kubernetes cluster')
    .option('--wait', `wait for what passes by itself, such as trial starts, up to ${showSeconds(limits.trialWaitMs / 1_000)}`);
}

export interface Made {
  readonly cluster: Cluster;
  readonly plan: Plan;
}

/** Looks, asks every check and plans; nothing of the cluster is touched. */
export async function planFor(session: Session, clusterName: string, version: string, options: TargetOptions): Promise<Made> {
  const cluster = await findCluster(session, clusterName);
  const target: Target = {
    to: { version, build: options.build ?? null },
    ...(options.nodegroup === undefined ? {} : { nodegroup: options.nodegroup }),
  };
  const ask = options.wait === true ? planAfterTrials : makePlan;
  return { cluster, plan: await ask(session, cluster, target) };
}

interface Target {
  readonly to: Plan['to'];
  readonly nodegroup?: string;
}

function makePlan({ api }: Session, cluster: Cluster, target: Target): Promise<Plan> {
  return api.post(`/clusters/${encodeURIComponent(cluster.id)}/plans`, target, Plan, 'safe-to-send-twice');
}

/** Asks again as long as nothing is missing but what passes by itself: what else holds it does not go away by waiting. */
async function planAfterTrials(session: Session, cluster: Cluster, target: Target): Promise<Plan> {
  const until = session.shell.now().getTime() + limits.trialWaitMs;
  let told = '';
  for (;;) {
    const made = await makePlan(session, cluster, target);
    const left = passing(made);
    const isLate = session.shell.now().getTime() >= until;
    if (left.length === 0 || isHeld(obstaclesOf(made)) || isLate) return made;
    const waitsFor = `Waiting: ${left[0]?.says ?? ''}${left.length > 1 ? ` And ${left.length - 1} more.` : ''}`;
    if (waitsFor !== told) session.note(waitsFor);
    told = waitsFor;
    await session.shell.pause(limits.trialLookAgainMs);
  }
}

export function passing({ findings }: Plan): readonly Finding[] {
  return findings.filter(passesByItself);
}
