import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { Launch } from '../../domain/index.ts';
import { unprivilegedAccount } from './account.ts';
import { createProcessHost } from './index.ts';
import { freePorts } from './loopback.ts';
import { identityOf } from './process-table.ts';

const root = mkdtempSync(join(tmpdir(), 'clusterlift-programs-'));
chmodSync(root, 0o755);
const [home, toolHome, stateDir, open] = ['program', 'store-1.0', 'state', 'open'].map((name) => join(root, name)) as [
  string,
  string,
  string,
  string,
];
for (const folder of [home, stateDir, open]) mkdirSync(folder);
chmodSync(open, 0o777);
const script = (name: string, text: string) => writeFileSync(join(home, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
const host = createProcessHost({ stateDir, cacheDir: join(root, 'cache'), javaHomes: [], nowMs: Date.now });
const ticket = { clusterId: 'c1', generation: 1 };
const release = { version: '1.0.0', build: null };
const limits = { timeoutMs: 30_000, minFreeMemoryBytes: 0 };
const signal = new AbortController().signal;
const members = new Set<string>();

function aLaunch(member: string, more: Partial<Launch>): Launch {
  members.add(member);
  return {
    clusterId: 'c1',
    member,
    release,
    artefacts: [{ kind: 'folder', path: home }],
    java: null,
    command: [],
    environment: {},
    files: [],
    copies: [],
    folders: null,
    sharedFolders: [],
    readyUrl: 'http://127.0.0.1:9/',
    archive: null,
    ...more,
  };
}
const folderOf = (member: string) => join(stateDir, 'members', 'c1', member);

async function runningPid(member: string): Promise<number> {
  const described = await host.describe('c1', member);
  if (described.state !== 'running') throw new Error(`${member} is ${described.state}`);
  return described.identity.pid;
}
async function until(condition: () => boolean): Promise<void> {
  for (let looks = 0; looks < 400 && !condition(); looks += 1) await pause(25);
}
/** The process id that a script wrote to a file of this name. */
const told = (name: string) => Number(readFileSync(join(open, name), 'utf8'));

afterAll(async () => {
  for (const member of members) await host.erase({ ...ticket, generation: 1_000 }, member);
  rmSync(root, { recursive: true });
});

describe('a member that is a program of the machine', () => {
  it('runs what is found by its name', async () => {
    expect((await host.start(ticket, aLaunch('door', { artefacts: [], command: ['sleep', '600'] }))).kind).toBe('done');
    expect(readlinkSync(`/proc/${await runningPid('door')}/exe`)).toMatch(/\/(sleep|coreutils|busybox)$/);
  });

  it('is not started where there is none, with what to install, and neither is its trial', async () => {
    const launch = aLaunch('none', { artefacts: [], command: ['no-such-balancer', '-f', 'x'] });
    const says = 'no-such-balancer was not found on this machine: install it, for example the package no-such-balancer.';
    expect(await host.start(ticket, launch)).toEqual({ kind: 'failed', says: `none: ${says}`, lastLines: [] });
    expect(await host.trial(launch, limits, signal)).toEqual({ kind: 'could-not-run', because: says });
    expect((await host.describe('c1', 'none')).state).toBe('absent');
  });
});

describe('a member that needs other programs', () => {
  it('is started only when they lie ready, and is told where they are in command, files and environment', async () => {
    script('tell', 'echo "$1 $STORE $(cat "$2")" > "$3"; exec sleep 600');
    const launch = aLaunch('tools', {
      tools: [{ name: 'store', release: { version: '3.6.16', build: null }, artefacts: [{ kind: 'folder', path: toolHome }] }],
      command: ['${home}/tell', '${tool:store}/bin', '${conf}/store.txt', join(open, 'told')],
      environment: { STORE: '${tool:store}' },
      files: [{ path: 'conf/store.txt', text: 'in ${tool:store}, not ${tool:other}' }],
    });
    expect(await host.start(ticket, launch)).toMatchObject({
      kind: 'failed',
      says: 'tools: store 3.6.16 has not been fetched to this host.',
    });
    mkdirSync(toolHome);
    expect((await host.start(ticket, launch)).kind).toBe('done');
    await until(() => existsSync(join(open, 'told')) && readFileSync(join(open, 'told'), 'utf8') !== '');
    const words = `${toolHome}/bin ${toolHome} in ${toolHome}, not \${tool:other}\n`;
    expect(readFileSync(join(open, 'told'), 'utf8')).toBe(words);
  });

  it('says how a component is built that is not there', async () => {
    const launch = aLaunch('component', {
      artefacts: [{ kind: 'component', name: 'thing-1.0' }],
      command: ['${home}/bin/thing'],
    });
    const { says } = await host.start(ticket, launch);
    expect(says).toBe('component: 1.0.0 has not been fetched to this host: prefetch it, or run `npm run components`.');
  });
});

describe('a secret file of a launch', () => {
  it('is for the account of the member alone, whatever was there before, and the member reads it', async () => {
    script('read', 'cat conf/secret.key conf/plain > "$1"; exec sleep 600');
    const before = process.umask(0);
    const file = { path: 'conf/secret.key', text: 'key of ${member}\n' };
    const launch = aLaunch('secret', {
      command: ['${home}/read', join(open, 'read')],
      files: [file, { path: 'conf/plain', text: 'plain\n' }],
    });
    await host.start(ticket, launch);
    expect(modeOf('secret', 'conf/secret.key')).toBe(0o666);
    await host.stop(ticket, 'secret', identity(await runningPid('secret')), 5_000);
    await host.start(ticket, { ...launch, files: [{ ...file, secret: true }, ...launch.files.slice(1)] });
    process.umask(before);
    expect([modeOf('secret', 'conf/secret.key'), modeOf('secret', 'conf'), modeOf('secret', 'conf/plain')]).toEqual([
      0o600, 0o700, 0o666,
    ]);
    const owner = statSync(join(folderOf('secret'), 'conf/secret.key')).uid;
    expect(owner).toBe(unprivilegedAccount()?.uid ?? process.getuid?.());
    await until(() => existsSync(join(open, 'read')) && readFileSync(join(open, 'read'), 'utf8').endsWith('plain\n'));
    expect(readFileSync(join(open, 'read'), 'utf8')).toBe(`key of ${folderOf('secret')}\nplain\n`);
  });
});

describe('a member that ended', () => {
  it('is told with its own last lines, not with those of the launch before', async () => {
    script('ending', 'echo "Error: $1"; exit 1');
    const linesOf = async (word: string) => {
      await host.start(ticket, aLaunch('ending', { command: ['${home}/ending', word] }));
      for (let looks = 0; looks < 400; looks += 1) {
        const now = await host.describe('c1', 'ending');
        if (now.state === 'stopped' && now.lastLines.length > 0) return now.lastLines;
        await pause(25);
      }
      throw new Error('it did not end');
    };
    expect(await linesOf('one')).toEqual(['Error: one']);
    expect(await linesOf('two')).toEqual(['Error: two']);
  });
});

describe('a trial of several processes', () => {
  const besides = `sleep 600 & echo $! > ${open}/beside; echo "[ALERT]    (7) : cannot open the door" >&2`;

  it('passes when it answers, and leaves neither a process nor a folder', async () => {
    const [port = 0] = await freePorts(1);
    writeFileSync(
      join(home, 'answer.mjs'),
      "import { createServer } from 'node:http';\n" +
        "createServer((request, response) => response.writeHead(503).end()).listen(Number(process.argv[2]), '127.0.0.1');\n",
    );
    script('several', `${besides}\necho $$ > ${open}/main; exec ${process.execPath} "$(dirname "$0")/answer.mjs" "$1"`);
    const readyUrl = `http://127.0.0.1:${port}/`;
    const ended = await host.trial(aLaunch('t', { command: ['${home}/several', String(port)], readyUrl }), limits, signal);
    expect(ended).toMatchObject({ kind: 'passed', archive: null });
    expect([identityOf(told('main')), identityOf(told('beside'))]).toEqual([null, null]);
    expect(readdirSync(join(stateDir, 'trials'))).toEqual([]);
  });

  it('is refused with the words of all when its main process ends, be it at once or later, and leaves nothing either', async () => {
    for (const seconds of ['0', '0.5']) {
      script('broken', `${besides}\nsleep ${seconds}; echo "Error: unknown flag: --old"; exit 1`);
      const ended = await host.trial(aLaunch('t', { command: ['${home}/broken'] }), limits, signal);
      expect(ended).toEqual({
        kind: 'refused',
        exitCode: null,
        lastLines: ['[ALERT]    (7) : cannot open the door', 'Error: unknown flag: --old'],
      });
      expect(identityOf(told('beside')), seconds).toBeNull();
      expect(readdirSync(join(stateDir, 'trials'))).toEqual([]);
    }
  });

  it('is none when it does not come up in time, with what it said last, and leaves nothing', async () => {
    script('waiting', `${besides}\nexec sleep 600`);
    const launch = aLaunch('t', { command: ['${home}/waiting'] });
    expect(await host.trial(launch, { ...limits, timeoutMs: 1_000 }, signal)).toEqual({
      kind: 'could-not-run',
      because: 'it did not come up within 1 s; the last that it said: [ALERT]    (7) : cannot open the door',
    });
    expect(identityOf(told('beside'))).toBeNull();
    expect(readdirSync(join(stateDir, 'trials'))).toEqual([]);
  });

  it('of a server that was killed is ended although its main process ended already; what only has its number is not', async () => {
    const beside = async (cwd: string) => {
      const leader = spawn('/bin/sh', ['-c', 'sleep 600 >/dev/null 2>&1 & echo $!'], { cwd, detached: true });
      const [pid] = (await once(leader.stdout, 'data')) as [Buffer];
      if (leader.exitCode === null) await once(leader, 'exit');
      return { group: leader.pid ?? 0, pid: Number(String(pid)) };
    };
    const leftBy = async (name: string, working?: string) => {
      const folder = join(stateDir, 'trials', `trial-999999999-1-${name}`);
      mkdirSync(join(folder, 'run', 'once-token'), { recursive: true });
      const left = await beside(working ?? folder);
      writeFileSync(join(folder, 'run', 'pid-token'), `${left.group} 1\n`);
      writeFileSync(
        join(folder, 'run', 'launch.json'),
        JSON.stringify({ token: 'token', release, at: new Date().toISOString() }),
      );
      return left.pid;
    };
    const [ours, foreign] = [await leftBy('ours'), await leftBy('foreign', root)];
    script('brief', 'exit 1');
    const another = createProcessHost({ stateDir, cacheDir: join(root, 'cache'), javaHomes: [], nowMs: Date.now });
    // `trial` waits for the sweep.
    await another.trial(aLaunch('t', { command: ['${home}/brief'] }), limits, signal);
    await until(() => identityOf(ours) === null);
    expect(identityOf(ours)).toBeNull();
    expect(identityOf(foreign)).not.toBeNull();
    process.kill(foreign, 'SIGKILL');
    expect(readdirSync(join(stateDir, 'trials'))).toEqual([]);
  });
});

function modeOf(member: string, path: string): number {
  return statSync(join(folderOf(member), path)).mode & 0o777;
}
function identity(pid: number) {
  const found = identityOf(pid);
  if (found === null) throw new Error(`there is no process ${pid}`);
  return found;
}
