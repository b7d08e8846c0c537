import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { Launch } from '../../domain/index.ts';
import { createProcessHost } from './index.ts';
import { aliveInGroup, identityOf } from './process-table.ts';

const root = mkdtempSync(join(tmpdir(), 'clusterlift-ps-'));
chmodSync(root, 0o755);
const stateDir = join(root, 'state');
mkdirSync(stateDir);
mkdirSync(join(root, 'home'));
writeFileSync(join(root, 'home', 'serve'), '#!/bin/sh\nsleep 600 &\nwait\n', { mode: 0o755 });
const options = { stateDir, cacheDir: join(root, 'cache'), javaHomes: [], nowMs: Date.now };
const host = createProcessHost({ ...options, platform: 'darwin' });
const ticket = { clusterId: 'c1', generation: 1 };
const launch = (member: string): Launch => ({
  clusterId: 'c1',
  member,
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
const runOf = (member: string) => join(stateDir, 'members', 'c1', member, 'run');

/** Puts what a launch would have written in the place of what it wrote. */
function writePidFile(member: string, text: string): void {
  const file = readdirSync(runOf(member)).find((name) => name.startsWith('pid-')) ?? '';
  writeFileSync(join(runOf(member), file), text);
}

async function started(member: string) {
  expect((await host.start(ticket, launch(member))).kind).toBe('done');
  const described = await host.describe('c1', member);
  if (described.state !== 'running') throw new Error(`${member} is ${described.state}`);
  return described.identity;
}

afterAll(() => rmSync(root, { recursive: true }));

const hasPs = spawnSync('ps', ['-p', String(process.pid)]).status === 0;
if (!hasPs)
  console.info('The process host where there is no /proc: left out, as ps is not installed, which stands in for it there.');

describe.runIf(hasPs)('the process host where there is no /proc', () => {
  it('has the start time told by the launch itself, and ends what is left of the group', async () => {
    const identity = await started('a');
    const file = readdirSync(runOf('a')).find((name) => name.startsWith('pid-')) ?? '';
    expect(
      readFileSync(join(runOf('a'), file), 'utf8')
        .trim()
        .split(/\s+/)
        .slice(1)
        .join(' '),
    ).toBe(identity.startTime);
    expect(identity.startTime).toMatch(/^\w{3} \w{3} \d+ \d\d:\d\d:\d\d \d{4}$/);
    for (let looks = 0; looks < 400 && aliveInGroup(identity.pid, 'darwin').length < 2; looks += 1) await pause(25);
    // SIGTERM ends the shell only: its child is found by its group.
    const group = aliveInGroup(identity.pid, 'darwin');
    expect(group).toEqual(aliveInGroup(identity.pid, 'linux'));
    expect(group).toHaveLength(2);
    expect((await host.stop(ticket, 'a', identity, 5_000)).kind).toBe('done');
    expect(group.map((pid) => identityOf(pid, 'darwin'))).toEqual([null, null]);
    expect((await host.describe('c1', 'a')).state).toBe('stopped');
  });

  it('takes another process that got the same id for no member', async () => {
    const identity = await started('b');
    await host.stop(ticket, 'b', identity, 5_000);
    const stranger = spawn('sleep', ['600'], { detached: true });
    const pid = stranger.pid ?? 0;
    writePidFile('b', `${pid} Mon Jan 1 00:00:00 2001\n`);
    expect((await host.describe('c1', 'b')).state).toBe('stopped');
    expect((await host.stop(ticket, 'b', { pid, startTime: 'Mon Jan 1 00:00:00 2001' }, 100)).kind).toBe('done');
    expect(identityOf(pid)).not.toBeNull();
    stranger.kill('SIGKILL');
  });

  it('neither trusts nor doubles nor erases a process whose launch did not tell when it began', async () => {
    const identity = await started('c');
    writePidFile('c', `${identity.pid} \n`);
    expect(await host.describe('c1', 'c')).toMatchObject({
      state: 'unknown',
      because: expect.stringContaining(`${identity.pid}`),
    });
    expect((await host.start(ticket, launch('c'))).kind).toBe('failed');
    expect((await host.erase(ticket, 'c')).kind).toBe('failed');
    expect(await host.launches('c1', 'c')).toHaveLength(1);
    expect((await host.stop(ticket, 'c', identity, 5_000)).kind).toBe('done');
    expect((await host.describe('c1', 'c')).state).toBe('stopped');
  });
});
