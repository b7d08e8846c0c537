// The whole test run, part after part: `npm test`, and with `--only NAME[,NAME]` parts of it.
// The last line is `N passed, N failed`, summed over the reports that vitest writes. Exit code 0 only when something ran and
// nothing failed. Plain JavaScript, so that it runs before anything is compiled or loaded.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { addReports, failuresIn, inWords, leftOutIn, missingTools, partsToRun, partTable, reportOf } from './test-parts.js';

const wanted = process.argv.includes('--only') ? (process.argv[process.argv.indexOf('--only') + 1] ?? '').split(',') : null;
const onCi = ![undefined, '', 'false', '0'].includes(process.env.CI);
const reports = mkdtempSync(join(tmpdir(), 'clusterlift-test-'));
const began = Date.now();
const lines = [];
const failures = [];
const leftOut = [];
let total = { passed: 0, failed: 0 };

const chosen = partsToRun(wanted);
if (chosen.unknown.length > 0) {
  console.error(`There is no part ${chosen.unknown.join(', ')}. Parts: ${partTable.map((part) => part.name).join(', ')}.`);
  process.exit(2);
}
const missing = missingTools((command, args) => spawnSync(command, args, { encoding: 'utf8' }));
for (const part of chosen.parts) {
  if (part.folder !== null && !existsSync(part.folder)) continue;
  const lacking = missing.filter((tool) => part.needs.includes(tool.name));
  total = addReports(total, lacking.length > 0 ? leaveOut(part, lacking) : await run(part));
}
rmSync(reports, { recursive: true, force: true });

if (failures.length > 0) console.log(`\nWhat failed:\n${failures.join('\n')}`);
if (leftOut.length > 0)
  console.log(`\nWhat was left out (the log above says why, where each file begins):\n${leftOut.join('\n')}`);
console.log(`\n${lines.join('\n')}`);
console.log(`All parts together took ${inWords(Date.now() - began)}.`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

function leaveOut(part, lacking) {
  console.log(`\n── ${part.name}: left out`);
  for (const tool of lacking) console.log(`   ${tool.says} ${tool.remedy}`);
  lines.push(
    `${part.name.padEnd(13)} left out: ${lacking.map((tool) => tool.says).join(' ')}${onCi ? ' With CI set this is a failure.' : ''}`,
  );
  return { passed: 0, failed: onCi ? 1 : 0 };
}

async function run(part) {
  console.log(`\n── ${part.name}: ${part.does}`);
  const started = Date.now();
  const file = join(reports, `${part.name}.json`);
  const ended = await runCommand(part.command(file), part.limitMinutes);
  const report = existsSync(file) ? readFileSync(file, 'utf8') : null;
  const end = reportOf(part, ended, report);
  if (end.failed > 0 && report !== null) failures.push(...failuresIn(report));
  if (report !== null) leftOut.push(...leftOutIn(report));
  lines.push(`${part.name.padEnd(13)} ${inWords(Date.now() - started).padStart(10)}   ${end.says}`);
  return end;
}

/** Runs a tool of ours in the foreground; ends it when it takes longer than its limit. */
function runCommand(args, limitMinutes) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const limit = setTimeout(() => child.kill('SIGTERM'), limitMinutes * 60_000);
    const onInterrupt = () => child.kill('SIGINT');
    process.once('SIGINT', onInterrupt);
    child.on('error', (error) => {
      console.error(error.message);
      resolve({ code: 1, signal: null });
    });
    child.on('exit', (code, signal) => {
      clearTimeout(limit);
      process.removeListener('SIGINT', onInterrupt);
      resolve({ code, signal });
    });
  });
}
