import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Host, Launch } from '../../domain/index.ts';
import { createProcessHost } from './index.ts';
import { aliveInGroup, identityOf } from './process-table.ts';

const root = mkdtempSync(join(tmpdir(), 'clusterlift-host-'));
chmodSync(root, 0o755);
const home = join(root, 'program');
mkdirSync(home);
// Like the launcher of 8 and 9: a second process in the group, which a SIGKILL of the first would leave behind.
writeFileSync(join(home, 'serve'), '#!/bin/sh\nsleep 600 &\nchild=$!\ntrap "kill $child; exit 0" TERM\nwait $child\n', {
  mode: 0o755,
});
writeFileSync(join(home, 'stubborn'), '#!/bin/sh\ntrap "" TERM\nwhile :; do sleep 1; done\n', { mode: 0o755 });
writeFileSync(join(home, 'broken'), '#!/bin/sh\necho "IllegalArgumentException: unknown setting [foo.bar]"\nexit 1\n', {
  mode: 0o755,
});
// Tells of each SIGTERM, and does not end.
writeFileSync(join(home, 'draining'), '#!/bin/sh\ntrap "echo asked >> $1/asked" TERM\nwhile :; do sleep 0.05; done\n', {
  mode: 0o755,
});
const stateDir = join(root, 'state');
mkdirSync(stateDir);
const host: Host = createProcessHost({ stateDir, cacheDir: join(root, 'cache'), javaHomes: [], nowMs: Date.now });

function aLaunch(member: string, program = 'serve', version = '1.0.0'): Launch {
  return {
    clusterId: 'c1',
    member,
    release: { version, build: null },
    artefacts: [{ kind: 'folder', path: home }],
    java: null,
    command: [`\${home}/${program}`],
    environment: {},
    files: [{ path: 'conf/settings.yml', text: 'data: ${data}\n' }],
    copies: [],
    folders: null,
    readyUrl: 'http://127.0.0.1:9/',
    sharedFolders: [],
    archive: null,
  };
}
const ticket = (generation: number) => ({ clusterId: 'c1', generation });

async function running(member: string) {
  const described = await host.describe('c1', member);
  if (described.state !== 'running') throw new Error(`${member} is ${described.state}`);
  return described;
}

const sigtermBit = 1n << 14n;

/** Resolves once the process ignores SIGTERM or handles it by itself: a shell takes a moment until it has read its trap. */
async function trapped(pid: number): Promise<void> {
  const traps = () => [...readFileSync(`/proc/${pid}/status`, 'utf8').matchAll(/^Sig(?:Ign|Cgt):\s*([0-9a-f]+)$/gm)];
  const has = () => traps().some(([, mask]) => (BigInt(`0x${mask}`) & sigtermBit) !== 0n);
  await vi.waitUntil(has, { timeout: 60_000, interval: 20 });
}

/** Every process whose working folder is the member's, whoever started it. */
function processesIn(member: string): readonly number[] {
  const folder = join(stateDir, 'members', 'c1', member);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return Number.isInteger(pid) && readlinkSync(`/proc/${pid}/cwd`) === folder;
      } catch {
        return false;
      }
    })
    .filter((pid) => identityOf(pid) !== null);
}

afterAll(async () => {
  for (const member of ['a', 'b', 'c', 'd', 'e', 'f', 'draining']) await host.erase(ticket(1_000), member);
  rmSync(root, { recursive: true });
});

describe('the process host', () => {
  it('starts a member once, whoever asks again, and stops the whole group', async () => {
    expect((await host.describe('c1', 'a')).state).toBe('absent');
    expect((await host.start(ticket(1), aLaunch('a'))).kind).toBe('done');
    const first = await running('a');
    expect(await host.start(ticket(1), aLaunch('a'))).toMatchObject({ kind: 'refused', because: 'already-running' });
    expect((await running('a')).identity).toEqual(first.identity);
    expect(await host.launches('c1', 'a')).toHaveLength(1);
    expect((await host.stop(ticket(1), 'a', first.identity, 5_000)).kind).toBe('done');
    expect(aliveInGroup(first.identity.pid)).toEqual([]);
    expect(await host.describe('c1', 'a')).toMatchObject({ state: 'stopped', release: { version: '1.0.0' } });
  });

  it('copies a folder without what is left out of it', async () => {
    const from = join(root, 'owners');
    mkdirSync(join(from, 'below'), { recursive: true });
    for (const name of ['kept', 'left', 'below/kept', 'below/left']) writeFileSync(join(from, name), name);
    await host.start(ticket(1), { ...aLaunch('d'), copies: [{ from, to: 'conf', except: ['left', 'below/left'] }] });
    const conf = join(stateDir, 'members', 'c1', 'd', 'conf');
    expect(readdirSync(conf, { recursive: true }).sort()).toEqual(['below', 'below/kept', 'kept', 'settings.yml']);
    await host.stop(ticket(1), 'd', (await running('d')).identity, 5_000);
  });

  it('asks a process to end once, although a server that asked was killed and another one asks again', async () => {
    await host.start(ticket(1), { ...aLaunch('draining'), command: ['${home}/draining', '${data}'] });
    const { identity } = await running('draining');
    await trapped(identity.pid);
    const data = join(stateDir, 'members', 'c1', 'draining', 'data');
    const timesAsked = () =>
      existsSync(join(data, 'asked')) ? readFileSync(join(data, 'asked'), 'utf8').trim().split('\n').length : 0;
    const first = host.stop(ticket(1), 'draining', identity, 60_000);
    await vi.waitUntil(() => timesAsked() === 1, { timeout: 60_000 });
    const another = createProcessHost({ stateDir, cacheDir: join(root, 'cache'), javaHomes: [], nowMs: Date.now });
    // It waits, and kills in the end.
    expect((await another.stop(ticket(1), 'draining', identity, 500)).says).toContain('was killed');
    expect(timesAsked()).toBe(1);
    expect((await first).kind).toBe('done');
  });

  it('kills what does not end by itself', async () => {
    await host.start(ticket(1), aLaunch('b', 'stubborn'));
    const { identity } = await running('b');
    await trapped(identity.pid);
    const stopped = await host.stop(ticket(1), 'b', identity, 300);
    expect(stopped.says).toContain('was killed');
    expect(aliveInGroup(identity.pid)).toEqual([]);
  });

  it('takes over a process that leads no group of its own, and ends it although it does not listen', async () => {
    const child = spawn(join(home, 'stubborn'), { stdio: 'ignore' });
    const pid = child.pid ?? 0;
    await trapped(pid);
    expect((await host.adopt(ticket(1), 'f', pid, { version: '1.0.0', build: null })).kind).toBe('done');
    const { identity } = await running('f');
    expect(identity.pid).toBe(pid);
    expect((await host.stop(ticket(1), 'f', identity, 300)).says).toContain('was killed');
    expect(identityOf(pid)).toBeNull();
    expect((await host.describe('c1', 'f')).state).toBe('stopped');
  });

  it('takes over what its owner started after a launch of ours had ended', async () => {
    await host.start(ticket(1), aLaunch('again'));
    const { identity } = await running('again');
    await host.stop(ticket(1), 'again', identity, 5_000);
    expect((await host.describe('c1', 'again')).state).toBe('stopped');
    const { pid = 0 } = spawn(join(home, 'stubborn'), { stdio: 'ignore' });
    await trapped(pid);
    expect((await host.adopt(ticket(1), 'again', pid, { version: '1.0.0', build: null })).kind).toBe('done');
    const owners = (await running('again')).identity;
    expect(owners.pid).toBe(pid);
    await host.stop(ticket(1), 'again', owners, 300);
    expect([identityOf(pid), (await host.describe('c1', 'again')).state]).toEqual([null, 'stopped']);
  });

  it('does not stop another process than the one that was meant', async () => {
    await host.start(ticket(1), aLaunch('c'));
    const { identity } = await running('c');
    expect(await host.stop(ticket(1), 'c', { ...identity, startTime: '1' }, 1_000)).toMatchObject({
      kind: 'refused',
      because: 'identity-changed',
    });
    expect((await running('c')).identity).toEqual(identity);
  });

  it('refuses an older generation, whatever is asked', async () => {
    const { identity } = await running('c');
    await host.run(ticket(7), 'c', ['true'], 5_000);
    expect(await host.generationOf('c1')).toBe(7);
    const refused = { kind: 'refused', because: 'older-generation' };
    expect(await host.stop(ticket(6), 'c', identity, 1_000)).toMatchObject(refused);
    expect(await host.start(ticket(6), aLaunch('e'))).toMatchObject(refused);
    expect(await host.erase(ticket(6), 'c')).toMatchObject(refused);
    expect((await running('c')).identity).toEqual(identity);
  });

  it('tells the last lines of a program that would not start', async () => {
    await host.start(ticket(7), aLaunch('d', 'broken'));
    for (let looks = 0; looks < 200 && (await host.describe('c1', 'd')).state !== 'stopped'; looks += 1) await pause(50);
    expect(await host.describe('c1', 'd')).toMatchObject({
      state: 'stopped',
      lastLines: ['IllegalArgumentException: unknown setting [foo.bar]'],
    });
  });

  it('runs one process of a member after its server was killed while starting it, at any moment', async () => {
    const script = join(root, 'starter.mts');
    const options = JSON.stringify({ stateDir, cacheDir: join(root, 'cache'), javaHomes: [] });
    writeFileSync(
      script,
      `import { createProcessHost } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};\n` +
        `const host = createProcessHost({ ...${options}, nowMs: Date.now });\nprocess.stdout.write('starting');\n` +
        `await host.start({ clusterId: 'c1', generation: 8 }, ${JSON.stringify(aLaunch('e'))});\nprocess.stdout.write('started');\n`,
    );
    for (const delayMs of [0, 2, 5, 10, 20, 40]) {
      const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await pause(delayMs);
      child.kill('SIGKILL');
      await host.start(ticket(8), aLaunch('e'));
      const { identity } = await running('e');
      // The program and its child, of one launch: a stray of the launch that was cut off would be here, too.
      for (let looks = 0; looks < 200 && processesIn('e').length < 2; looks += 1) await pause(25);
      expect(processesIn('e'), `killed after ${delayMs} ms`).toEqual(aliveInGroup(identity.pid));
      expect(processesIn('e')).toHaveLength(2);
      expect((await host.stop(ticket(8), 'e', identity, 5_000)).kind).toBe('done');
    }
  }, 120_000);

  it('ends a trial whose server was killed, when it is started again, and no trial of a server that is alive', async () => {
    writeFileSync(join(home, 'silent'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    const trials = join(stateDir, 'trials');
    const script = join(root, 'trier.mts');
    const options = JSON.stringify({ stateDir, cacheDir: join(root, 'cache'), javaHomes: [] });
    writeFileSync(
      script,
      `import { createProcessHost } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};\n` +
        `const host = createProcessHost({ ...${options}, nowMs: Date.now });\n` +
        `await host.trial(${JSON.stringify(aLaunch('t', 'silent'))}, { timeoutMs: 600_000, minFreeMemoryBytes: 0 }, new AbortController().signal);\n`,
    );
    const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: 'inherit' });
    const pidOfTrial = () => {
      const [name] = existsSync(trials) ? readdirSync(trials) : [];
      const run = join(trials, name ?? '', 'run');
      const file =
        name !== undefined && existsSync(run) ? readdirSync(run).find((entry) => /^pid-[\w-]+$/.test(entry)) : undefined;
      return file === undefined ? undefined : Number(readFileSync(join(run, file), 'utf8').split(' ')[0]);
    };
    for (let looks = 0; looks < 400 && pidOfTrial() === undefined; looks += 1) await pause(50);
    const pid = pidOfTrial() ?? 0;
    const anotherHost = () => createProcessHost({ stateDir, cacheDir: join(root, 'cache'), javaHomes: [], nowMs: Date.now });
    // `trial` waits for the sweep, and comes to nothing by itself.
    const swept = () =>
      anotherHost().trial(aLaunch('u', 'broken'), { timeoutMs: 5_000, minFreeMemoryBytes: 0 }, AbortSignal.timeout(5_000));
    await swept();
    expect(identityOf(pid)).not.toBeNull();
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
    expect(identityOf(pid)).not.toBeNull();
    await swept();
    expect(identityOf(pid)).toBeNull();
    expect(readdirSync(trials)).toEqual([]);
  }, 60_000);
});
