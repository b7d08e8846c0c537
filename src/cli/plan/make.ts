import type { Command } from 'commander';
import type { Plan } from '../api/wire.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { limits } from '../limits.ts';
import { unlessAlreadyThere } from '../nothing-to-do.ts';
import { isHeld, obstaclesOf } from '../output/findings.ts';
import { renderPlan, renderWayOn } from '../output/plan.ts';
import { changesBetween, renderChanges } from '../output/plan-changes.ts';
import { printable, showSeconds } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { earlierPlan } from './earlier.ts';
import { addTarget, passing, planFor, type TargetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly save?: string;
  readonly diff?: string;
}

export function addPlan(program: Command, run: Run): void {
  addTarget(
    program
      .command('plan')
      .summary('Say what lifting a cluster to a version would take')
      .description('Look at a cluster and say what lifting it to a version would take. Nothing is touched.'),
  )
    .option('--save <file>', 'write the plan to a file as well, as JSON')
    .option('--diff <plan>', 'only what has changed since an earlier plan: its id, or the file of --save')
    .addHelpText(
      'after',
      `
Ends with 0 when the upgrade can start, with 3 when findings hold it.
A hazard holds every start until it is cleared; a policy finding can be accepted by the name of its check.
${examples(
  'clusterlift plan logs 6.7.0',
  'clusterlift plan logs 6.7.0 --build ali1.2.0 --wait',
  'clusterlift plan logs 6.7.0 --save monday.json',
  'clusterlift plan logs 6.7.0 --diff monday.json',
  'clusterlift plan logs 6.7.0 --output json',
)}`,
    )
    .action(run<[string, string, Options]>((session, ...args) => unlessAlreadyThere(session, () => plan(session, ...args))));
}

async function plan(session: Session, clusterName: string, version: string, options: Options): Promise<ExitCode> {
  // A file that cannot be read is told before the cluster is looked at.
  const earlier = options.diff === undefined ? null : await earlierPlan(session, options.diff);
  const { cluster, plan: made } = await planFor(session, clusterName, version, options);
  if (earlier === null) await session.print(made, (shown) => renderPlan(session.paint, shown, printable(cluster.name)));
  else await tellChanges(session, earlier, made, cluster.name);
  if (options.save !== undefined) await save(session, options.save, made);
  if (isHeld(obstaclesOf(made))) return exitCodes.held;
  if (passing(made).length === 0 || options.wait !== true) return exitCodes.ok;
  session.note(`Not all of it has passed within ${showSeconds(limits.trialWaitMs / 1_000)}.`);
  return exitCodes.held;
}

async function tellChanges(session: Session, earlier: Plan, made: Plan, clusterName: string): Promise<void> {
  if (earlier.clusterId !== made.clusterId)
    throw new Failure(exitCodes.usage, `Plan ${earlier.id} is one of another cluster (${earlier.clusterId}).`, {
      remedy: `Name an earlier plan of ${clusterName}.`,
    });
  const answer = { earlier: earlier.id, plan: made, changes: changesBetween(earlier, made) };
  await session.print(answer, (shown) =>
    [
      renderChanges(session.paint, shown.changes, `${printable(clusterName)}, since plan ${shown.earlier}`),
      `\nPlan ${shown.plan.id}\n`,
      renderWayOn(session.paint, obstaclesOf(shown.plan), shown.plan.id),
    ].join(''),
  );
}

async function save(session: Session, file: string, made: Plan): Promise<void> {
  try {
    await session.shell.writeFile(file, `${JSON.stringify(made, null, 2)}\n`);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new Failure(exitCodes.usage, `The plan was made and not saved: ${file} cannot be written: ${because}`);
  }
  session.note(`The plan is saved in ${file}.`);
}
