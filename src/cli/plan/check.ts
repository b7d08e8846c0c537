import type { Command } from 'commander';
import type { CheckReport, Plan } from '../api/wire.ts';
import { exitCodes } from '../exit-codes.ts';
import { unlessAlreadyThere } from '../nothing-to-do.ts';
import { isHeld, obstaclesOf, renderFindings } from '../output/findings.ts';
import { type Paint, paintWord } from '../output/paint.ts';
import { table } from '../output/table.ts';
import { printable, showWay } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { addTarget, planFor, type TargetOptions } from './target.ts';

export function addCheck(program: Command, run: Run): void {
  addTarget(
    program
      .command('check')
      .summary('Ask every check whether a cluster can be lifted to a version')
      .description(
        'Ask every check whether a cluster can be lifted to a version, and say what each answers. Nothing is touched.',
      ),
  )
    .addHelpText(
      'after',
      `
Ends with 0 when nothing holds the upgrade, with 3 when findings hold it or checks could not run.
Checks that passed or did not apply are listed with --output wide.
${examples('clusterlift check logs 6.7.0', 'clusterlift check logs 6.7.0 --output wide')}`,
    )
    .action(
      run<[string, string, TargetOptions]>((session, ...args) => unlessAlreadyThere(session, () => check(session, ...args))),
    );
}

async function check(session: Session, clusterName: string, version: string, options: TargetOptions) {
  const { cluster, plan } = await planFor(session, clusterName, version, options);
  const obstacles = obstaclesOf(plan);
  const held = isHeld(obstacles);
  const answer = {
    clusterId: plan.clusterId,
    from: plan.from,
    to: plan.to,
    held,
    reports: plan.reports,
    findings: plan.findings,
  };
  await session.print(answer, (shown) =>
    rendered(session.paint, { ...plan, ...shown }, printable(cluster.name), held, session.output === 'wide'),
  );
  return held ? exitCodes.held : exitCodes.ok;
}

function rendered(paint: Paint, plan: Plan, clusterName: string, held: boolean, everyCheck: boolean): string {
  const shown = plan.reports.filter(({ result }) => everyCheck || result.kind === 'found' || result.kind === 'could-not-run');
  const quiet = plan.reports.length - shown.length;
  const several = plan.hops.length > 1;
  const checks =
    shown.length === 0
      ? ''
      : `\n${table(
          paint,
          ['ANSWER', 'CHECK', ...(several ? ['HOP'] : []), 'ASKS'],
          shown.map((report) => [
            paintWord(paint, report.result.kind),
            report.check,
            ...(several ? [String(report.hop + 1)] : []),
            asks(report),
          ]),
        )}`;
  const findings =
    plan.findings.length === 0 ? '' : `\n${paint('bold', 'Findings')}\n${renderFindings(paint, plan.findings, plan.hops.length)}`;
  const others = quiet === 0 ? '' : `\n${quiet} of ${plan.reports.length} checks passed or did not apply.\n`;
  const end = held
    ? `${paint('red', 'It is held.')} What can be accepted, and how: clusterlift plan ${clusterName} ${plan.to.version}`
    : paint('green', 'Nothing holds it.');
  return `${paint('bold', `${clusterName}: ${showWay(plan.from, plan.to)}`)}\n${checks}${findings}${others}\n${end}\n`;
}

function asks({ asks: question, result }: CheckReport): string {
  const because = result.because ?? '';
  return because === '' ? question : `${question} (${because})`;
}
