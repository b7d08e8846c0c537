import { type Command, Option } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import type { Paint } from '../output/paint.ts';
import { table } from '../output/table.ts';
import { examples, type Run } from '../run.ts';
import type { Session } from '../session.ts';
import { type Look, needs, type Purpose, purposes } from './needs.ts';

interface Options {
  readonly for: readonly Purpose[];
}

interface Finding {
  readonly name: string;
  readonly purpose: Purpose;
  readonly use: string;
  readonly needed: boolean;
  readonly look: Look;
  /** Null where nothing is missing. */
  readonly remedy: string | null;
}

export function addDoctor(program: Command, run: Run): void {
  program
    .command('doctor')
    .summary('Say what is installed here, what is missing, and what it would take')
    .description('Look at this machine: what is installed, what is missing, and what it would take. No server is needed.')
    .addOption(
      new Option('--for <purpose...>', 'what it should be good for; the server itself always counts')
        .choices(purposes)
        .default([]),
    )
    .addHelpText(
      'after',
      `
Ends with 0 when nothing is missing for that purpose, else with 1. A server that simulates (clusterlift server --simulate)
needs nothing but Node.js.
${examples('clusterlift doctor', 'clusterlift doctor --for elasticsearch', 'clusterlift doctor --for kubernetes tests --output json')}`,
    )
    .action(run<[Options]>(look));
}

async function look({ shell, paint, print }: Session, options: Options) {
  const wanted: readonly Purpose[] = ['server', ...options.for];
  const findings: Finding[] = [];
  for (const { name, purpose, use, remedy, look } of needs) {
    const seen = await look(shell);
    findings.push({
      name,
      purpose,
      use,
      needed: wanted.includes(purpose),
      look: seen,
      remedy: seen.kind === 'found' ? null : remedy,
    });
  }
  const isFit = findings.every((finding) => !finding.needed || finding.remedy === null);
  await print({ fit: isFit, for: wanted, findings }, (shown) => rendered(paint, shown.findings, shown.for, shown.fit));
  return isFit ? exitCodes.ok : exitCodes.error;
}

function rendered(paint: Paint, findings: readonly Finding[], wanted: readonly Purpose[], isFit: boolean): string {
  const rows = findings.map((finding) => [
    finding.name,
    stateOf(paint, finding),
    finding.look.kind === 'missing' ? '-' : finding.look.version,
    finding.purpose,
    finding.use,
  ]);
  const open = findings.filter((finding) => finding.remedy !== null);
  const remedies = open.map(({ name, purpose, look, remedy }) => {
    const why = look.kind === 'unfit' ? `${look.version} is there, but ${look.because}. ` : '';
    return `  ${name} (${purpose}): ${why}${remedy}\n`;
  });
  const toDo = open.length === 0 ? '' : `\n${paint('bold', 'What it would take')}\n${remedies.join('')}`;
  const end = isFit
    ? `${paint('green', 'Nothing is missing')} for: ${wanted.join(', ')}.`
    : `${paint('red', 'Something is missing')} for: ${wanted.join(', ')}.`;
  return `${table(paint, ['PROGRAM', 'STATE', 'VERSION', 'NEEDED FOR', 'WHAT IT DOES'], rows)}${toDo}\n${end}\n`;
}

function stateOf(paint: Paint, { look, needed }: Finding): string {
  if (look.kind === 'found') return paint('green', 'found');
  return paint(needed ? 'red' : 'yellow', look.kind === 'unfit' ? 'does not fit' : 'missing');
}
