// `node scripts/system-tools.js haproxy aws`: what tests and demo need beside Node, Go, Java and Maven, installed by the ordinary
// package clients where that is possible, else named with what to install. Exit code 1 when something is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { componentsFolder } from './components.js';

const installTimeoutMs = 10 * 60_000;
/** Where a balancer stands that is not in an ordinary user's PATH. */
const systemFolders = ['/usr/sbin', '/usr/local/sbin', '/sbin'];
/** Beside the components, so that it survives between runs. */
const pythonFolder = join(dirname(componentsFolder()), 'aws-cli');
const awsCliVersion = '1.46.2';

/** The path of a program, or null. */
export function programPath(name) {
  const folders = [...(process.env.PATH ?? '').split(':'), ...systemFolders, join(pythonFolder, 'bin')];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

const tools = {
  haproxy: {
    install: () =>
      process.getuid?.() === 0 && programPath('apt-get') !== null
        ? run('apt-get', ['update']) && run('apt-get', ['install', '-y', '--no-install-recommends', 'haproxy'])
        : false,
    remedy: 'Install HAProxy, for example the package haproxy.',
  },
  aws: {
    install: () => {
      if (programPath('python3') === null) return false;
      mkdirSync(dirname(pythonFolder), { recursive: true });
      return (
        run('python3', ['-m', 'venv', pythonFolder]) &&
        run(join(pythonFolder, 'bin', 'pip'), ['install', '--quiet', `awscli==${awsCliVersion}`])
      );
    },
    remedy: 'Install the AWS CLI, for example with: pip install awscli',
  },
};

function run(command, args) {
  console.log(`> ${command} ${args.join(' ')}`);
  // A service that a package brings is not to be started: only its program is wanted.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: installTimeoutMs, env }).status === 0;
}

function main(names) {
  let missing = 0;
  for (const name of names) {
    const tool = tools[name];
    if (tool === undefined) {
      console.error(`There is no tool ${name}. Tools: ${Object.keys(tools).join(', ')}.`);
      process.exit(2);
    }
    if (programPath(name) === null) tool.install();
    const path = programPath(name);
    if (path === null) missing += 1;
    console.log(path === null ? `${name} is missing. ${tool.remedy}` : `${name}: ${path}`);
  }
  process.exitCode = missing === 0 ? 0 : 1;
}

if (process.argv[1]?.endsWith('system-tools.js')) main(process.argv.slice(2));
