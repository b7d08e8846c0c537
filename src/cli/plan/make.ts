import type { Command } from 'commander';
import { type Cluster, type Finding, Plan } from '../api/wire.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { findCluster } from '../find.ts';
import { limits } from '../limits.ts';
import { unlessAlreadyThere } from '../nothing-to-do.ts';
import { isHeld, obstaclesOf, passesByItself } from '../output/findings.ts';
import { renderPlan } from '../output/plan.ts';
import { printable, showSeconds } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly build?: string;
  readonly nodegroup?: string;
  readonly wait?: boolean;
}

export function addPlan(program: Command, run: Run): void {
  program
    .command('plan')
    .summary('Say what lifting a cluster to a version would take')
    .description('Look at a cluster and say what lifting it to a version would take. Nothing is touched.')
    .argument('<cluster>', 'its id or its name')
    .argument('<version>', 'the version to lift it to, 6.7.0')
    .option('--build <id>', 'the build of that version; without it the usual one')
    .option('--nodegroup <name>', 'only the nodes of this group of a Kubernetes cluster')
    .option('--wait', `wait for what passes by itself, such as trial starts, up to ${showSeconds(limits.trialWaitMs / 1_000)}`)
    .addHelpText(
      'after',
      `
Ends with 0 when the upgrade can start, with 3 when findings hold it.
A hazard holds every start until it is cleared; a policy finding can be accepted by the name of its check.
${examples('clusterlift plan logs 6.7.0', 'clusterlift plan logs 6.7.0 --build ali1.2.0 --wait', 'clusterlift plan logs 6.7.0 --output json')}`,
    )
    .action(run<[string, string, Options]>((session, ...args) => unlessAlreadyThere(session, () => plan(session, ...args))));
}

async function plan(session: Session, clusterName: string, version: string, options: Options): Promise<ExitCode> {
  const cluster = await findCluster(session, clusterName);
  const target: Target = {
    to: { version, build: options.build ?? null },
    ...(options.nodegroup === undefined ? {} : { nodegroup: options.nodegroup }),
  };
  const made = options.wait === true ? await planAfterTrials(session, cluster, target) : await makePlan(session, cluster, target);
  await session.print(made, (shown) => renderPlan(session.paint, shown, printable(cluster.name)));
  if (isHeld(obstaclesOf(made))) return exitCodes.held;
  const left = passing(made);
  if (left.length === 0 || options.wait !== true) return exitCodes.ok;
  session.note(`Not all of it has passed within ${showSeconds(limits.trialWaitMs / 1_000)}.`);
  return exitCodes.held;
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

function passing({ findings }: Plan): readonly Finding[] {
  return findings.filter(passesByItself);
}
