import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host, Launch } from '../../domain/index.ts';
import { createProcessHost } from './index.ts';
import { identityOf } from './process-table.ts';

const path = process.env.PATH ?? '';
const ticket = { clusterId: 'c1', generation: 1 };
let root: string;
let run: string;
let skewMs: number;
let host: Host;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clusterlift-once-'));
  chmodSync(root, 0o755);
  for (const folder of ['home', 'slow', 'state', 'open']) mkdirSync(join(root, folder));
  chmodSync(join(root, 'open'), 0o777);
  // Every process of the program tells its id in a file of its own name.
  writeFileSync(join(root, 'home', 'serve'), `#!/bin/sh\n: > ${root}/open/program-$$\nexec sleep 600\n`, { mode: 0o755 });
  run = join(root, 'state', 'members', 'c1', 'a', 'run');
  skewMs = 0;
  const nowMs = () => Date.now() + skewMs;
  host = createProcessHost({ stateDir: join(root, 'state'), cacheDir: join(root, 'cache'), javaHomes: [], nowMs });
});
afterEach(async () => {
  process.env.PATH = path;
  for (const pid of programs()) if (identityOf(pid) !== null) process.kill(pid, 'SIGKILL');
  rmSync(root, { recursive: true });
});

const launch = (): Launch => ({
  clusterId: 'c1',
  member: 'a',
  release: { version: '1.0.0', build: null },
  artefacts: [{ kind: 'folder', path: join(root, 'home') }],
  java: null,
  command: ['${home}/serve'],
  environment: {},
  files: [],
  copies: [],
  folders: null,
  readyUrl: 'http://127.0.0.1:9/',
  sharedFolders: [],
  archive: null,
});

/** Ids of every process of the program that ever came up. */
const programs = () =>
  readdirSync(join(root, 'open'))
    .flatMap((name) => /^program-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number);

async function until(what: string, condition: () => boolean): Promise<void> {
  for (let looks = 0; looks < 800 && !condition(); looks += 1) await pause(25);
  expect(condition(), what).toBe(true);
}

/** The shell of the next launch is held up at this command of it until `open/go` is there; then `open/gone` comes to be. */
function holdUpAt(command: string): void {
  const real = `/bin/${command}`;
  const wait = `: > ${root}/open/held; while [ ! -e ${root}/open/go ]; do sleep 0.02; done`;
  writeFileSync(join(root, 'slow', command), `#!/bin/sh\n${wait}\n${real} "$@"; s=$?\n: > ${root}/open/gone\nexit $s\n`, {
    mode: 0o755,
  });
  process.env.PATH = `${join(root, 'slow')}:${path}`;
}

/** A launch whose shell is held up, on a machine whose clock jumps meanwhile: it counts as cut off. */
async function startHeldUpAt(command: string) {
  holdUpAt(command);
  const first = host.start(ticket, launch());
  await until('the shell is held up', () => existsSync(join(root, 'open', 'held')));
  process.env.PATH = path;
  skewMs = 15_000;
  return first;
}
const letGo = () => writeFileSync(join(root, 'open', 'go'), '');

describe('a launch', () => {
  it('never begins after another has replaced it, however late its shell is', async () => {
    expect((await startHeldUpAt('mkdir')).kind).toBe('failed');
    expect((await host.start(ticket, launch())).kind).toBe('done');
    await until('the program is up', () => programs().length > 0);
    const second = await host.describe('c1', 'a');
    letGo();
    await until('the late shell has found its name taken', () => existsSync(join(root, 'open', 'gone')));
    const late = readdirSync(run).find((name) => name.endsWith('.new')) ?? '';
    const latePid = Number(readFileSync(join(run, late), 'utf8').split(' ')[0]);
    await until('the late shell has ended', () => identityOf(latePid) === null);
    expect(second).toMatchObject({ state: 'running', identity: { pid: programs()[0] } });
    expect(programs()).toHaveLength(1);
    expect(await host.describe('c1', 'a')).toEqual(second);
    expect(await host.launches('c1', 'a')).toHaveLength(1);
  });

  it('is waited for and never doubled once its shell has begun', async () => {
    const first = startHeldUpAt('mv');
    await until('the shell is held up', () => existsSync(join(root, 'open', 'held')));
    await until('the clock has jumped', () => skewMs > 0);
    expect((await host.describe('c1', 'a')).state).toBe('launching');
    const second = host.start(ticket, launch());
    letGo();
    expect((await first).kind).toBe('done');
    expect(await second).toMatchObject({ kind: 'refused', because: 'already-running' });
    expect(await host.launches('c1', 'a')).toHaveLength(1);
    await until('the program is up', () => programs().length === 1);
  });

  it('forgets earlier launches whose process is dead, and only those', async () => {
    await startHeldUpAt('mkdir');
    await host.start(ticket, launch());
    const lateOnce = () => readdirSync(run).filter((name) => name.startsWith('once-')).length;
    expect(lateOnce()).toBe(2);
    letGo();
    await until('the late shell has found its name taken', () => existsSync(join(root, 'open', 'gone')));
    const running = await host.describe('c1', 'a');
    if (running.state !== 'running') throw new Error('it runs');
    await host.stop(ticket, 'a', running.identity, 5_000);
    const late = readdirSync(run).find((name) => name.endsWith('.new')) ?? '';
    const latePid = Number(readFileSync(join(run, late), 'utf8').split(' ')[0]);
    await until('the late shell has ended', () => identityOf(latePid) === null);
    expect((await host.start(ticket, launch())).kind).toBe('done');
    expect(lateOnce()).toBe(1);
  });
});
