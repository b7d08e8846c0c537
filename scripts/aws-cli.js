// Where the real aws CLI stands that tests and demo use, and how pip brings it where the machine has none. It is the one of
// their tools that may be missing beside Terraform: no package client brings either to every machine.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { componentsFolder } from './components.js';

export const awsCliVersion = '1.46.2';
const installTimeoutMs = 5 * 60_000;
/** Of what pip says, the last lines tell why. */
const linesShown = 3;

/** Folders beside the components, so that they survive between runs: this one's, and where earlier ones installed it. */
export function awsCliFolders() {
  const cache = dirname(componentsFolder());
  return [join(cache, 'tools', `awscli-${awsCliVersion}`, 'run'), join(cache, 'aws-cli', 'bin')];
}

/** Installs it: whole or not at all, whoever else does so at the same time. Null, or why it could not be. */
export function installAwsCli() {
  const folder = dirname(awsCliFolders()[0]);
  mkdirSync(dirname(folder), { recursive: true });
  const making = mkdtempSync(`${folder}.`);
  try {
    const because = pipInto(join(making, 'lib'), making);
    if (because !== null) return because;
    mkdirSync(join(making, 'run'));
    const starter = '#!/bin/sh\nPYTHONPATH="${0%/*}/../lib" exec python3 -m awscli "$@"\n';
    writeFileSync(join(making, 'run', 'aws'), starter, { mode: 0o755 });
    rmSync(join(making, 'pip'), { recursive: true, force: true });
    if (!existsSync(folder)) renameSync(making, folder);
    return null;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** With the machine's own pip, else with one of a scratch environment. */
function pipInto(lib, scratch) {
  const words = ['install', '--quiet', '--disable-pip-version-check', '--target', lib, `awscli==${awsCliVersion}`];
  const hasPip = run('python3', ['-m', 'pip', '--version']);
  if (hasPip.missing) return 'Python 3 was not found';
  if (hasPip.because === null) return run('python3', ['-m', 'pip', ...words]).because;
  const venv = run('python3', ['-m', 'venv', join(scratch, 'pip')]);
  if (venv.because !== null) return `Python 3 has neither pip nor venv: ${venv.because}`;
  return run(join(scratch, 'pip', 'bin', 'pip'), words).because;
}

function run(command, args) {
  console.log(`> ${command} ${args.join(' ')}`);
  const env = { ...process.env, PIP_RETRIES: process.env.PIP_RETRIES ?? '1' };
  const end = spawnSync(command, args, { encoding: 'utf8', timeout: installTimeoutMs, env });
  if (end.error?.code === 'ENOENT') return { missing: true, because: `${command} was not found` };
  const said = `${end.stderr ?? ''}${end.stdout ?? ''}`.trim().split('\n').filter(Boolean).slice(-linesShown).join(' ');
  const ended = end.error?.message ?? (end.signal === null ? `exit code ${end.status}` : `ended by ${end.signal}`);
  return { missing: false, because: end.status === 0 ? null : said || ended };
}
