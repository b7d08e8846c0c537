// What the tests on real control planes need beside Node and Go: HAProxy, the AWS CLI, and the components.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

const here = import.meta.dirname;
const steps = [[join(here, 'system-tools.js'), 'haproxy', 'aws'], [join(here, 'build-components.js')]];
// Both are run, whatever becomes of the first: what is missing is told at once.
const ends = steps.map((step) => spawnSync(process.execPath, step, { stdio: ['ignore', 'inherit', 'inherit'] }).status);
process.exitCode = ends.every((status) => status === 0) ? 0 : 1;
