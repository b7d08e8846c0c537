import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { Check } from 'typebox/schema';
import { understood } from '../api/client.ts';
import { readServerSentEvents } from '../api/server-sent-events.ts';
import { ErrorAnswer, Rehearsal, RehearsalRun } from '../api/wire.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { findCluster } from '../find.ts';
import { limits } from '../limits.ts';
import { unlessAlreadyThere } from '../nothing-to-do.ts';
import { printable } from '../output/words.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { readExported } from './from-file.ts';
import { type Rehearsed, renderRehearsal } from './report.ts';

interface Options {
  readonly from?: string;
  readonly nodegroup?: string;
  readonly to: string;
  readonly build?: string;
  readonly runs: number;
  readonly faults: boolean;
  readonly seed: number;
}

export function addRehearse(program: Command, run: Run): void {
  program
    .command('rehearse')
    .summary('Rehearse an upgrade on a simulated twin of a cluster')
    .description(
      'Look at a cluster once, and lift a simulated twin of it many times by the very same rules: first without a fault, then once with each fault that it can meet. The cluster itself is not touched.',
    )
    .argument('[cluster]', 'its id or its name; in place of it --from')
    .option(
      '--from <file>',
      'what `clusterlift cluster export` wrote of a cluster, which the server need not know; - is standard input',
    )
    .requiredOption('--to <version>', 'the version to lift it to, 6.7.0')
    .option('--build <id>', 'the build of that version; without it the usual one')
    .option('--nodegroup <name>', 'only the nodes of this group of a Kubernetes cluster')
    .option('--runs <count>', 'runs without a fault, 1 to 100', numberIn(1, 100), 10)
    .option('--no-faults', 'only runs without a fault')
    .option('--seed <number>', 'of the chance in it: the same seed gives the same report', numberIn(0, 2_147_483_647), 1)
    .addHelpText(
      'after',
      `
Ends with 0 when every run without a fault ended done, with 3 when one did not. Ctrl-C ends the rehearsal.
${examples('clusterlift rehearse logs --to 6.7.0', 'clusterlift rehearse logs --to 6.7.0 --runs 50 --output json', 'clusterlift rehearse --from logs.json --to 6.7.0')}`,
    )
    .action(
      run<[string | undefined, Options]>((session, ...args) => unlessAlreadyThere(session, () => rehearse(session, ...args))),
    );
}

function numberIn(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`);
  };
}

async function rehearse(session: Session, clusterName: string | undefined, options: Options): Promise<ExitCode> {
  const { to: version, build = null, nodegroup, runs, faults, seed } = options;
  const wish = { to: { version, build }, ...(nodegroup === undefined ? {} : { nodegroup }), runs, faults, seed };
  const { report, of } = await askFor(session, clusterName, options, wish);
  if (report === null) return exitCodes.interrupted;
  await session.print(report, (shown) => renderRehearsal(session.paint, shown, of));
  return report.done === report.runs && report.violations.length === 0 ? exitCodes.ok : exitCodes.held;
}

interface Asked {
  /** Null when the user ended it. */
  readonly report: Rehearsal | null;
  readonly of: Rehearsed;
}

async function askFor(
  session: Session,
  clusterName: string | undefined,
  { from: file, nodegroup }: Options,
  wish: object,
): Promise<Asked> {
  if (file !== undefined && clusterName === undefined) {
    const observation = await readExported(session, file);
    const report = await follow(session, '/rehearsals', { observation, ...wish });
    const { name, takenAt } = observation;
    return { report, of: { name: printable(name), file: printable(file), takenAt: printable(takenAt), nodegroup } };
  }
  if (file !== undefined || clusterName === undefined)
    throw new Failure(exitCodes.usage, 'A rehearsal is of one cluster: name it, or its file with --from.');
  const cluster = await findCluster(session, clusterName);
  const report = await follow(session, `/clusters/${encodeURIComponent(cluster.id)}/rehearsals`, wish);
  return { report, of: { name: printable(cluster.name), file: null, takenAt: null, nodegroup } };
}

/** Null when the user ended it. */
async function follow(session: Session, path: string, body: unknown): Promise<Rehearsal | null> {
  const interrupted = new AbortController();
  const silence = new AbortController();
  const forgetInterrupt = session.shell.onInterrupt(() => interrupted.abort());
  const onSilence = () => silence.abort();
  let watchdog = setTimeout(onSilence, limits.answerTimeoutMs);
  const told = progress(session);
  try {
    const stream = await session.api.open(path, {}, AbortSignal.any([interrupted.signal, silence.signal]), body);
    for await (const message of readServerSentEvents(stream)) {
      clearTimeout(watchdog);
      watchdog = setTimeout(onSilence, limits.watchSilenceMs);
      if (message.kind === 'heartbeat') continue;
      const data = JSON.parse(message.data) as unknown;
      if (message.event === 'report') return understood(data, Rehearsal, path);
      if (message.event === 'failed') throw failed(data);
      if (message.event === 'run' && Check(RehearsalRun, data)) told(data.made, data.of);
    }
  } catch (error) {
    if (interrupted.signal.aborted) return null;
    if (error instanceof Failure) throw error;
    throw broken(silence.signal.aborted ? 'the server has gone silent' : 'the connection broke');
  } finally {
    clearTimeout(watchdog);
    forgetInterrupt();
  }
  throw broken('the server closed the connection');
}

/** A line for each fifth of the runs. */
function progress(session: Session): (made: number, of: number) => void {
  let fifth = 0;
  return (made, of) => {
    const next = Math.floor((made * 5) / of);
    if (next > fifth && made < of) session.note(`${made} of ${of} runs are made.`);
    fifth = next;
  };
}

function failed(data: unknown): Failure {
  if (!Check(ErrorAnswer, data)) return broken('the server told of a failure without a reason');
  const { says, remedy = null, code, details } = data.error;
  return new Failure(exitCodes.error, says, { remedy, answer: { code, details } });
}

function broken(because: string): Failure {
  return new Failure(exitCodes.error, `There is no report: ${because}.`, { remedy: 'Nothing was touched. Rehearse again.' });
}
