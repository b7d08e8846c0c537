// `npm run soak -- 10`: repeats the tests in which chance has a part, each round with a seed of its own, and says how often
// they passed. `npm run soak -- 3 kills` repeats one part. Every part has a limit; what failed shows its last lines.
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { readSoak, roundLine } from './soak-parts.js';
import { inWords, missingTools } from './test-parts.js';

const linesShown = 60;
/** After its limit a part is asked to end, and after this time more it is killed. */
const graceMs = 60_000;

const soak = readSoak(process.argv.slice(2));
if (soak.kind === 'wrong') {
  console.error(soak.says);
  process.exit(2);
}
const missing = missingTools((command, args) => spawnSync(command, args, { encoding: 'utf8' }));
const lacking = missing.filter((tool) => soak.parts.some((part) => part.needs.includes(tool.name)));
if (lacking.length > 0) {
  for (const tool of lacking) console.error(`${tool.says} ${tool.remedy}`);
  process.exit(2);
}

const began = Date.now();
// Short, because a unix socket's path is; readable, because members may run as another account.
const folder = mkdtempSync(join(tmpdir(), 'cls-'));
chmodSync(folder, 0o755);
let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
});
const total = { passed: 0, failed: 0 };
for (const part of soak.parts) console.log(`${part.name}: ${part.does}`);
console.log(`Logs: ${folder}\n`);
for (let round = 1; round <= soak.rounds && !interrupted; round += 1) {
  const seed = seedOf(round);
  const ends = [];
  for (const part of soak.parts) {
    if (!interrupted) ends.push(await run(part, round, seed));
  }
  // What was cut off tells nothing.
  if (interrupted) break;
  const passed = ends.every((end) => end.passed);
  if (passed) total.passed += 1;
  else total.failed += 1;
  console.log(roundLine(round, soak.rounds, seed, ends));
  for (const end of ends.filter((one) => !one.passed)) console.log(lastLines(end.log));
}
if (interrupted) console.log('Interrupted.');
console.log(`\nThe soak took ${inWords(Date.now() - began)}.`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed === soak.rounds ? 0 : 1;

/** A given seed is that of the first round: one round with it repeats what failed. */
function seedOf(round) {
  const given = Number(process.env.CLUSTERLIFT_SEED ?? '');
  return process.env.CLUSTERLIFT_SEED && Number.isInteger(given) ? given + round - 1 : randomInt(2 ** 31);
}

function run(part, round, seed) {
  const started = Date.now();
  const log = join(folder, `${round}-${part.name}.log`);
  // Its temporary folder is its own, so that whatever a run that was cut off left behind is known by it.
  const scratch = join(folder, `${round}${part.name[0]}`);
  mkdirSync(scratch);
  const out = openSync(log, 'a');
  return new Promise((resolve) => {
    const child = spawn(process.execPath, part.command, {
      stdio: ['ignore', out, out],
      env: { ...process.env, CLUSTERLIFT_SEED: String(seed), TMPDIR: scratch, NO_COLOR: '1' },
    });
    closeSync(out);
    const limits = [
      setTimeout(() => child.kill('SIGTERM'), part.limitMinutes * 60_000),
      setTimeout(() => child.kill('SIGKILL'), part.limitMinutes * 60_000 + graceMs),
    ];
    const end = (passed) => {
      for (const limit of limits) clearTimeout(limit);
      endLeftOvers(scratch);
      resolve({ name: part.name, passed, seconds: Math.round((Date.now() - started) / 1000), log });
    };
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
  });
}

/** Processes whose command line names the folder, and the folder itself. */
function endLeftOvers(scratch) {
  const { stdout } = spawnSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  for (const line of stdout.split('\n').filter((one) => one.includes(`${scratch}/`))) {
    try {
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    } catch {
      // Gone by itself meanwhile.
    }
  }
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function lastLines(log) {
  return `  ${readFileSync(log, 'utf8').trimEnd().split('\n').slice(-linesShown).join('\n  ')}`;
}
