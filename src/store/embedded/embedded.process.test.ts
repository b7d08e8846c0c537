import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import { openStore, type PostgresStore } from '../postgres-store.ts';
import { sampleEvent, sampleKey, storedUpgrade } from '../samples.ts';
import { createSecretBox } from '../secret-box.ts';
import { silentLog, testBinariesDir } from '../testing.ts';
import { databaseAccount } from './account.ts';
import { firstClosed } from './folders.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './index.ts';
import { isAlive, runningPostmaster } from './postmaster.ts';

const account = databaseAccount();
const reachable = account !== null && (await firstClosed(await realpath(import.meta.dirname))) === null;
// Side by side, each in a folder of its own: most of their time is waiting.
describe.concurrent('the embedded server', { timeout: 60_000 }, () => {
  it('runs unprivileged, keeps its secrets to itself, is on no network, and ends when it is stopped', async (test) => {
    const stateDir = await newFolder(test);
    const server = await start(stateDir);
    const pid = server.pid() ?? 0;
    expect(server.adopted).toBe(false);
    expect(isAlive(pid)).toBe(true);
    const uid = account?.uid ?? process.getuid?.();
    expect(uid).not.toBe(0);
    expect(await stat(dataFolder(stateDir))).toMatchObject({ uid, mode: 0o40700 });
    expect((await stat(`/proc/${pid}`)).uid).toBe(uid);
    expect((await stat(join(stateDir, 'postgres-password'))).mode & 0o777).toBe(0o600);
    expect(await ask(server.url, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
    await expect(ask(server.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
    await server.stop();
    expect(isAlive(pid)).toBe(false);
    expect(server.pid()).toBeNull();
  });

  it('is adopted, as it runs, after its owner was killed', async (test) => {
    const stateDir = await newFolder(test);
    const owner = spawnOwner(stateDir, {}, await testBinariesDir());
    const told = await owner.told;
    expect(told.adopted).toBe(false);
    await ask(told.url, 'create table kept as select 42 as answer');
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');
    expect(isAlive(told.pid)).toBe(true);

    const server = await start(stateDir);
    expect(server).toMatchObject({ adopted: true, url: told.url });
    expect(server.pid()).toBe(told.pid);
    expect(await ask(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await server.stop();
    expect(isAlive(told.pid)).toBe(false);

    const again = await start(stateDir);
    expect(again.adopted).toBe(false);
    expect(await ask(again.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await again.stop();
  });

  it('is brought back when it is killed, and the store rides it out', async (test) => {
    const stateDir = await newFolder(test);
    const server = await start(stateDir);
    const store = await openStore({ url: server.url, box: createSecretBox(randomBytes(32)), log: silentLog });
    const upgrade = await storedUpgrade(store);
    for (let round = 1; round <= 3; round += 1) await killUnderWork(server, store, upgrade.id);
    const told = await store.listEvents(upgrade.id, 0, 1_000);
    // Every turn was written once: none was lost, none was written again because its answer was lost.
    const written = told.map((event) => event.says).filter((says) => says !== 'begun');
    expect(new Set(written).size).toBe(written.length);
    expect(written).toHaveLength(90);

    const heard = vi.fn();
    store.onUpgradeChanged(heard);
    await store.writeTurn({ upgradeId: upgrade.id, generation: 1, events: [], at: upgrade.createdAt });
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith(upgrade.id), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await ownersLocks(server.url)).toHaveLength(1), { timeout: 10_000 });
    await store.close();
    await server.stop();
  });

  it('belongs to one owner, even when two start at once, and stays his', async (test) => {
    const stateDir = await newFolder(test);
    const ends = await Promise.allSettled([start(stateDir), start(stateDir)]);
    const [server] = ends.filter((end) => end.status === 'fulfilled').map((end) => end.value);
    const [refusal] = ends.filter((end) => end.status === 'rejected').map((end) => String(end.reason));
    expect(refusal).toMatch(/Another Clusterlift uses the state folder/);
    const pid = server?.pid();
    expect(await ask(server?.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(server?.pid()).toBe(pid);
    await server?.stop();
  });

  it.skipIf(!reachable)('works for an ordinary user as well', async (test) => {
    const stateDir = await newFolder(test);
    const nobody = account ?? { uid: 0, gid: 0 };
    await chown(stateDir, nobody.uid, nobody.gid);
    const owner = spawnOwner(stateDir, nobody);
    const told = await owner.told;
    expect((await stat(`/proc/${told.pid}`)).uid).toBe(nobody.uid);
    expect((await stat(join(stateDir, 'postgres-password'))).uid).toBe(nobody.uid);
    expect(await ask(told.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    owner.child.stdin?.end();
    await once(owner.child, 'exit');
    expect(isAlive(told.pid)).toBe(false);
  });

  it('refuses data of another major version, and data whose password is gone, with what to do', async (test) => {
    const stateDir = await newFolder(test);
    await mkdir(dataFolder(stateDir), { recursive: true });
    await writeFile(join(dataFolder(stateDir), 'PG_VERSION'), '15\n');
    await expect(start(stateDir)).rejects.toThrow(/postgres-password is missing.*backup/);
    await writeFile(join(stateDir, 'postgres-password'), 'secret\n');
    await expect(start(stateDir)).rejects.toThrow(/made by PostgreSQL 15.*dump/);
  });
});

async function killUnderWork(server: EmbeddedPostgres, store: PostgresStore, upgradeId: string): Promise<void> {
  const pid = server.pid() ?? 0;
  const turns = Array.from({ length: 30 }, async (_, index) => {
    if (index === 10) process.kill(pid, 'SIGKILL');
    const events = [sampleEvent(`${pid} ${index}`)];
    const at = events[0]?.at ?? '';
    return store.writeTurn({ upgradeId, generation: 1, events, at });
  });
  const key = sampleKey();
  expect(await store.insertKey(key)).toBe('inserted');
  expect(await store.getKey(key.id)).toEqual(key);
  expect(await Promise.all(turns)).toEqual(turns.map(() => true));
  await vi.waitFor(() => expect([null, pid]).not.toContain(server.pid()), { timeout: 10_000 });
}

/** Ends the server that a failed test leaves behind, and removes the folder. Side by side, only its context knows which test ends. */
async function newFolder({ onTestFinished }: TestContext): Promise<string> {
  const stateDir = await mkdtemp(join(await realpath(tmpdir()), 'clusterlift-embedded-'));
  onTestFinished(async () => {
    const left = await runningPostmaster(dataFolder(stateDir));
    if (left !== undefined) process.kill(left.pid, 'SIGQUIT');
    await vi.waitFor(async () => expect(await runningPostmaster(dataFolder(stateDir))).toBeUndefined(), { timeout: 10_000 });
    await rm(stateDir, { recursive: true });
  });
  return stateDir;
}

async function start(stateDir: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ stateDir, log: silentLog, binariesDir: await testBinariesDir(), durability: 'none' });
}

function dataFolder(stateDir: string): string {
  return join(stateDir, 'postgres', 'data');
}

interface Told {
  readonly url: string;
  readonly pid: number;
  readonly adopted: boolean;
}

/** A process of its own that starts the server and goes on until its input ends. */
function spawnOwner(stateDir: string, user: object = {}, binariesDir = ''): { child: ChildProcess; told: Promise<Told> } {
  const script = join(import.meta.dirname, 'owner-process.ts');
  const command = ['--import', 'tsx', script, stateDir, binariesDir];
  const child = spawn(process.execPath, command, { ...user, stdio: ['pipe', 'pipe', 'inherit'] });
  return { child, told: firstLine(child) };
}

async function firstLine(child: ChildProcess): Promise<Told> {
  const [text] = await once(child.stdout ?? child, 'data');
  return JSON.parse(String(text)) as Told;
}

async function ownersLocks(url: string): Promise<readonly unknown[]> {
  return ask(
    url,
    `select 1 from pg_locks join pg_stat_activity using (pid) where locktype = 'advisory' and granted
      and application_name = 'clusterlift lock'`,
  );
}

async function ask(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
