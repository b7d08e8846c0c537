// `node scripts/system-tools.js haproxy aws chromium`: what tests and demo need beside Node, Go, Java and Maven, installed by the ordinary
// package clients where that is possible, else named with what to install. Exit code 1 when something is missing that nobody can
// do without; what is left out without that is named as well.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { awsCliFolders, installAwsCli } from './aws-cli.js';

const installTimeoutMs = 10 * 60_000;
/** Where a balancer stands that is not in an ordinary user's PATH. */
const systemFolders = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/** The path of a program, or null. */
export function programPath(name) {
  const folders = [...(process.env.PATH ?? '').split(':'), ...systemFolders, ...awsCliFolders()];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

const tools = {
  haproxy: {
    needed: true,
    install: () => installPackage('haproxy'),
    remedy: 'Install HAProxy, for example the package haproxy.',
  },
  // The console is looked at in it.
  chromium: {
    needed: true,
    install: () => installPackage('chromium'),
    remedy: 'Install Chromium, for example the package chromium, or name one in CLUSTERLIFT_CHROMIUM.',
  },
  // Where pip cannot bring it, what it is for is left out by name, with CI set as well.
  aws: {
    needed: false,
    install: installAwsCli,
    remedy: 'Install the AWS CLI, for example with: pip install awscli',
  },
};

function installPackage(name) {
  if (process.getuid?.() !== 0 || programPath('apt-get') === null) return false;
  return run('apt-get', ['update']) && run('apt-get', ['install', '-y', '--no-install-recommends', name]);
}

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
    const because = programPath(name) === null ? tool.install() : null;
    const path = programPath(name);
    if (path !== null) console.log(`${name}: ${path}`);
    else if (tool.needed) console.log(`${name} is missing. ${tool.remedy}`);
    else console.log(`${name} is left out${typeof because === 'string' ? ` (${because})` : ''}. ${tool.remedy}`);
    if (path === null && tool.needed) missing += 1;
  }
  process.exitCode = missing === 0 ? 0 : 1;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
