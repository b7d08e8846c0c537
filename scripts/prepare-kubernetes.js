// What the tests on real control planes need beside Node and Go: HAProxy, the AWS CLI, and the components; then the tests of
// the load client itself, which only count when it can be built.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

const here = import.meta.dirname;
const loadClient = join(here, '..', 'components', 'kubernetes-load');

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return status === 0;
}

// Each is run, whatever becomes of the others: what is missing is told at once.
const ends = [
  run(process.execPath, [join(here, 'system-tools.js'), 'haproxy', 'aws']),
  run(process.execPath, [join(here, 'build-components.js')]),
  run('go', ['test', '-trimpath', './...'], { cwd: loadClient, env: { ...process.env, CGO_ENABLED: '0' } }),
];
process.exitCode = ends.every(Boolean) ? 0 : 1;
