import type { Command } from 'commander';
import { Check } from 'typebox/schema';
import { Obstacles, Plan, Upgrade } from '../api/wire.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { findCluster, findNameOf } from '../find.ts';
import { unlessAlreadyThere } from '../nothing-to-do.ts';
import { renderCouldNotRun, renderFindings, toAcknowledge } from '../output/findings.ts';
import { printable, showWay } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import { isForPeople, type Session } from '../session.ts';
import { watchToItsEnd } from './watch.ts';

interface Options {
  readonly build?: string;
  readonly nodegroup?: string;
  readonly plan?: string;
  readonly acknowledge?: readonly string[];
  readonly watch?: boolean;
}

/** What to start, and what people call it. */
interface What {
  readonly request:
    | { readonly planId: string }
    | { readonly clusterId: string; readonly to: Plan['to']; readonly nodegroup?: string };
  readonly clusterName: string;
}

export function addUpgradeStart(upgrade: Command, run: Run): void {
  addAcknowledge(
    upgrade
      .command('start')
      .summary('Start an upgrade')
      .description('Start an upgrade: a plan that was reviewed, or a cluster and a version to plan for now.')
      .argument('[cluster]', 'its id or its name')
      .argument('[version]', 'the version to lift it to')
      .option('--build <id>', 'the build of that version; without it the usual one')
      .option('--nodegroup <name>', 'only the nodes of this group of a Kubernetes cluster')
      .option('--plan <id>', 'a plan that was reviewed, instead of a cluster and a version'),
  )
    .option('--watch', 'watch it to its end')
    .addHelpText(
      'after',
      examples(
        'clusterlift upgrade start logs 6.7.0 --watch',
        'clusterlift upgrade start --plan 0b9d2b0e-6f3e-4c57-9d0b-0d1c2f0f6a51 --acknowledge es.snapshot-is-recent',
      ),
    )
    .action(
      run<[string | undefined, string | undefined, Options]>((session, ...args) =>
        unlessAlreadyThere(session, () => start(session, ...args)),
      ),
    );
}

export function addAcknowledge(command: Command): Command {
  return command.option(
    '--acknowledge <check>',
    'accept what this check found, or that it could not run; it is recorded. May be given more than once',
    (check: string, before: readonly string[] | undefined) => [...(before ?? []), check],
  );
}

export async function start(
  session: Session,
  cluster: string | undefined,
  version: string | undefined,
  options: Options,
): Promise<ExitCode> {
  const what = await whatToStart(session, cluster, version, options);
  const started = await ask(session, what, options.acknowledge ?? []);
  if (started.kind === 'held') return tellHeld(session, what, options, started.obstacles);
  const { upgrade } = started;
  const goesOn = options.watch === true;
  // With --watch and for programs, the events are the answer.
  if (!goesOn || isForPeople(session.output))
    await session.print(upgrade, (shown) => {
      const recorded =
        shown.recorded.length === 0
          ? ''
          : `Recorded, accepted by name or not held by:\n${renderFindings(session.paint, shown.recorded, shown.hops ?? 1)}`;
      const watch = goesOn ? '' : `Watch it: clusterlift upgrade watch ${shown.id}\n`;
      return `Upgrade ${shown.id} of ${printable(what.clusterName)} has started: ${showWay(shown.from, shown.to)}.\n${recorded}${watch}`;
    });
  return goesOn ? watchToItsEnd(session, upgrade.id, what.clusterName) : exitCodes.ok;
}

async function whatToStart(
  session: Session,
  cluster: string | undefined,
  version: string | undefined,
  options: Options,
): Promise<What> {
  if (options.plan !== undefined) {
    if (cluster !== undefined || options.build !== undefined || options.nodegroup !== undefined)
      throw new Failure(exitCodes.usage, 'A plan names its cluster, version and build itself.', {
        remedy: 'Give either --plan, or a cluster and a version.',
      });
    const plan = await session.api.get(`/plans/${encodeURIComponent(options.plan)}`, Plan);
    return { request: { planId: plan.id }, clusterName: await findNameOf(session, plan.clusterId) };
  }
  if (cluster === undefined || version === undefined)
    throw new Failure(exitCodes.usage, 'What is to be started is missing.', {
      remedy: 'Give a cluster and a version (clusterlift upgrade start logs 6.7.0), or --plan with the id of a plan.',
    });
  const found = await findCluster(session, cluster);
  const part = options.nodegroup === undefined ? {} : { nodegroup: options.nodegroup };
  const request = { clusterId: found.id, to: { version, build: options.build ?? null }, ...part };
  return { request, clusterName: found.name };
}

type Started = { readonly kind: 'started'; readonly upgrade: Upgrade } | { readonly kind: 'held'; readonly obstacles: Obstacles };

async function ask({ api, shell }: Session, { request }: What, acknowledge: readonly string[]): Promise<Started> {
  // The token makes it safe to send again over a connection that broke: it is started once.
  const body = { ...request, acknowledge, clientToken: shell.newToken() };
  try {
    return { kind: 'started', upgrade: await api.post('/upgrades', body, Upgrade, 'safe-to-send-twice') };
  } catch (error) {
    const details = error instanceof Failure && error.answer?.code === 'obstacles' ? error.answer.details : null;
    if (!Check(Obstacles, details)) throw error;
    return { kind: 'held', obstacles: details };
  }
}

async function tellHeld(session: Session, what: What, options: Options, obstacles: Obstacles): Promise<ExitCode> {
  const { paint } = session;
  await session.print({ held: obstacles }, ({ held }) => {
    const findings = [...held.hazards, ...held.policy];
    const names = toAcknowledge(held);
    const wayOn =
      names === null
        ? 'Clear what is found, then start it again.\n'
        : `Clear what is found, or accept it by name:\n  ${commandOf(what, options)}${[...(options.acknowledge ?? []), ...names].map((check) => ` --acknowledge ${check}`).join('')}\n`;
    return [
      `${paint('red', 'Nothing was started')}: what the checks found holds the upgrade of ${printable(what.clusterName)}.\n\n`,
      renderFindings(paint, findings, Math.max(...findings.map(({ hop }) => hop + 1), 1)),
      renderCouldNotRun(paint, held.couldNotRun),
      `\n${wayOn}`,
    ].join('');
  });
  return exitCodes.held;
}

function commandOf({ request, clusterName }: What, { watch }: Options): string {
  const target =
    'planId' in request
      ? `--plan ${request.planId}`
      : `${printable(clusterName)} ${request.to.version}${request.to.build === null ? '' : ` --build ${request.to.build}`}${request.nodegroup === undefined ? '' : ` --nodegroup ${request.nodegroup}`}`;
  return `clusterlift upgrade start ${target}${watch === true ? ' --watch' : ''}`;
}
