import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import type { Upgrade } from '../../domain/index.ts';
import { openTestStore, storedUpgrade, type TestStore } from '../../store/samples.ts';
import { limits } from '../limits.ts';
import type { Carrier } from './testing-carrier.ts';

const quick: Carrier['limits'] = {
  stepsPerWorkflow: 100_000,
  turnAttempts: 3,
  turnRetrySeconds: 0.05,
  leaseMs: 6_000,
  leaseRenewMs: 500,
  sweepMs: 400,
  journalKeptMs: limits.journalKeptMs,
  forgetJournalsMs: 300,
  forgetOverMs: 300,
};
const deadline = { timeout: 90_000, interval: 250 };

// Side by side, each on a database of its own: most of their time is waiting.
describe.concurrent('servers that carry upgrades on', { timeout: 180_000 }, () => {
  it('take over those of a server that was killed, each in its next generation, and leave their own alone', async (test) => {
    const rig = await aRig(test);
    const upgrades = await rig.upgrades(4);
    const killed = await rig.carry('killed');
    await vi.waitFor(async () => expect((await rig.carriedBy('killed')).length).toBeGreaterThan(0), deadline);
    await rig.carry('other');
    // Its concurrency is three: the fourth upgrade is for the other.
    await vi.waitFor(async () => expect(await rig.carriedBy('other')).toHaveLength(1), deadline);
    const [own] = await rig.carriedBy('other');
    const lost = upgrades.map((upgrade) => upgrade.id).filter((id) => id !== own);
    expect((await rig.carriedBy('killed')).sort()).toEqual(lost.sort());

    await rig.kill(killed);
    const killedAt = Date.now();
    // The other carries three at once: two of the lost ones join its own, the third waits for its turn.
    await vi.waitFor(async () => {
      for (const id of lost) expect((await rig.row(id)).generation).toBe(2);
      expect((await rig.carriedBy('other')).length).toBeGreaterThanOrEqual(3);
    }, deadline);
    expect(Date.now() - killedAt).toBeLessThan(quick.leaseMs + 30_000);
    expect((await rig.row(own as string)).generation).toBe(1);
    for (const id of lost) {
      const events = await rig.events(id);
      expect(events.filter((event) => event.generation === 1).every((event) => event.actor === 'killed')).toBe(true);
      expect(events.filter((event) => event.generation === 2).every((event) => event.actor === 'other')).toBe(true);
      expect((await rig.row(id)).ledger.generation).toBe(2);
    }
  });

  it('write nothing more of an upgrade when they were only frozen and wake up after it was taken over', async (test) => {
    const rig = await aRig(test);
    const [upgrade] = await rig.upgrades(1);
    const id = upgrade?.id ?? '';
    const frozen = await rig.carry('frozen');
    await vi.waitFor(async () => expect(await rig.carriedBy('frozen')).toEqual([id]), deadline);
    frozen.kill('SIGSTOP');
    await rig.carry('other');
    await vi.waitFor(async () => expect(await rig.carriedBy('other')).toEqual([id]), deadline);
    const before = (await rig.events(id)).filter((event) => event.actor === 'frozen').length;
    frozen.kill('SIGCONT');
    // It is awake once it holds a lease again.
    await vi.waitFor(async () => expect(await rig.leases()).toEqual(['frozen', 'other']), deadline);
    const seen = (await rig.events(id)).length;
    await vi.waitFor(async () => expect((await rig.events(id)).length).toBeGreaterThan(seen + 10), deadline);
    const events = await rig.events(id);
    expect(events.filter((event) => event.actor === 'frozen')).toHaveLength(before);
    expect((await rig.row(id)).generation).toBe(2);
  });

  it('begin anew what ended although its upgrade still runs, in the next generation', async (test) => {
    const rig = await aRig(test);
    const [upgrade] = await rig.upgrades(1);
    const id = upgrade?.id ?? '';
    await rig.carry('one', { endsBefore: 3 });
    await vi.waitFor(async () => expect((await rig.events(id)).at(-1)?.generation).toBe(3), deadline);
    const told = (await rig.events(id)).slice(0, 4).map(({ generation, says }) => `${generation} ${says}`);
    expect(told).toEqual(['1 begun', '1 finished', '2 begun', '2 finished']);
  });

  it('hand an upgrade over to its next generation after two hundred turns', async (test) => {
    const rig = await aRig(test);
    const [upgrade] = await rig.upgrades(1);
    const id = upgrade?.id ?? '';
    await rig.carry('one', { turnMs: 0, limits: { ...quick, stepsPerWorkflow: limits.stepsPerWorkflow } });
    await vi.waitFor(async () => expect((await rig.row(id)).generation).toBe(2), deadline);
    const first = (await rig.events(id)).filter((event) => event.generation === 1);
    expect(first.filter((event) => event.says === 'finished')).toHaveLength(200);
    expect(first.filter((event) => event.says === 'begun')).toHaveLength(200);
  });

  it('try a turn that throws again and then give it up, once, with what was thrown', async (test) => {
    const rig = await aRig(test);
    const [upgrade] = await rig.upgrades(1);
    const id = upgrade?.id ?? '';
    await rig.carry('one', { throwsBefore: 2 });
    await vi.waitFor(async () => expect((await rig.row(id)).status).toBe('stopped'), deadline);
    const told = (await rig.events(id)).map((event) => event.says);
    expect(told.slice(0, 3)).toEqual(['begun', 'begun', 'begun']);
    expect(told).toHaveLength(4);
    expect(told[3]).toMatch(/^gave up: .*the turn broke/s);
  });

  it('forget the journals of what has ended after their time and not before, and none of what still runs', async (test) => {
    const rig = await aRig(test);
    const [running, ending] = await rig.upgrades(2);
    const journalKeptMs = 6_000;
    await rig.carry('one', { limits: { ...quick, journalKeptMs } });
    await vi.waitFor(async () => expect(await rig.carriedBy('one')).toHaveLength(2), deadline);
    await rig.stop(ending?.id ?? '');
    const ended = `lift:${ending?.id}:1`;
    await vi.waitFor(async () => expect(await rig.journals('SUCCESS')).toEqual([ended]), deadline);
    const completedAt = await rig.completedAt(ended);
    await vi.waitFor(async () => expect(await rig.journals()).toEqual([`lift:${running?.id}:1`]), deadline);
    expect(Date.now() - completedAt).toBeGreaterThan(journalKeptMs);
    expect((await rig.row(running?.id ?? '')).generation).toBe(1);
  });

  it('finish the turns in hand when they close, begin no other, and are taken over at once', async (test) => {
    const rig = await aRig(test);
    const upgrades = await rig.upgrades(3);
    const closing = await rig.carry('closing', { turnMs: 3_000, limits: { ...quick, leaseMs: 600_000 } });
    await vi.waitFor(async () => expect(await rig.carriedBy('closing')).toHaveLength(3), deadline);
    const closingAt = await rig.close(closing);
    const told = await Promise.all(upgrades.map(({ id }) => rig.events(id)));
    for (const events of told) {
      const begun = events.filter((event) => event.says === 'begun');
      expect(events.map((event) => event.says)).toEqual(begun.flatMap(() => ['begun', 'finished']));
      expect(begun.filter((event) => event.at > closingAt)).toEqual([]);
    }
    // There were turns in hand.
    expect(told.filter((events) => (events.at(-1)?.at ?? '') > closingAt).length).toBeGreaterThan(0);
    for (const { id } of upgrades) expect(await rig.row(id)).toMatchObject({ status: 'running', generation: 1 });
    expect(await rig.leases()).toEqual([]);
    await rig.carry('next');
    await vi.waitFor(
      async () => expect((await rig.carriedBy('next')).sort()).toEqual(upgrades.map(({ id }) => id).sort()),
      deadline,
    );
    for (const { id } of upgrades) expect((await rig.row(id)).generation).toBe(2);
  });

  it('take up what was in hand before anything that waits in the queue, when they come back', async (test) => {
    const rig = await aRig(test);
    const upgrades = await rig.upgrades(7);
    const killed = await rig.carry('killed', { alone: true });
    await vi.waitFor(async () => expect(await rig.carriedBy('killed')).toHaveLength(3), deadline);
    const inHand = await rig.carriedBy('killed');
    await rig.kill(killed);
    await rig.carry('again', { alone: true });
    await vi.waitFor(async () => expect(await rig.carriedBy('again')).toHaveLength(3), deadline);
    expect(await rig.carriedBy('again')).toEqual(inHand);
    // And they keep their places: what waits has not had a turn.
    const waiting = upgrades.filter(({ id }) => !inHand.includes(id));
    expect(waiting).toHaveLength(4);
    for (const { id } of waiting) {
      expect(await rig.events(id)).toEqual([]);
      expect((await rig.row(id)).generation).toBe(1);
    }
  });

  it('that are alone on their database take over at once whatever lease is left', async (test) => {
    const rig = await aRig(test);
    const [upgrade] = await rig.upgrades(1);
    const id = upgrade?.id ?? '';
    const killed = await rig.carry('killed', { limits: { ...quick, leaseMs: 600_000 } });
    await vi.waitFor(async () => expect(await rig.carriedBy('killed')).toEqual([id]), deadline);
    await rig.kill(killed);
    await rig.carry('again', { alone: true });
    await vi.waitFor(async () => expect(await rig.carriedBy('again')).toEqual([id]), deadline);
    expect((await rig.row(id)).generation).toBe(2);
  });
});

// By itself: how long somebody waits depends on what else runs.
describe('servers that carry as many upgrades as they may', { timeout: 180_000 }, () => {
  it('tell an upgrade that waits for its turn so, once, and begin it when there is room', async (test) => {
    const rig = await aRig(test);
    const upgrades = await rig.upgrades(4);
    await rig.carry('one');
    await vi.waitFor(async () => expect(await rig.carriedBy('one')).toHaveLength(3), deadline);
    const carriedFirst = await rig.carriedBy('one');
    const [carried] = carriedFirst;
    const last = upgrades.find(({ id }) => !carriedFirst.includes(id))?.id;
    await vi.waitFor(async () => expect((await rig.row(last ?? '')).reason?.code).toBe('lift.waits-for-its-turn'), deadline);
    const seen = (await rig.events(carried ?? '')).length;
    // Several sweeps later.
    await vi.waitFor(async () => expect((await rig.events(carried ?? '')).length).toBeGreaterThan(seen + 10), deadline);
    expect(await rig.waits(last ?? '')).toEqual(['lift.waits-for-its-turn']);
    await rig.stop(carried ?? '');
    await vi.waitFor(async () => expect(await rig.carriedBy('one')).toContain(last), deadline);
  });
});

async function aRig({ onTestFinished }: TestContext) {
  const test: TestStore = await openTestStore();
  const pool = new pg.Pool({ connectionString: test.url, max: 2 });
  pool.on('error', () => undefined);
  const children: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const child of children) await kill(child);
    await pool.end();
    await test.close();
  });
  /** What the servers wrote. */
  const events = async (id: string) => (await test.store.listEvents(id, 0, 10_000)).filter((event) => event.kind === 'remark');
  const ask = async (text: string) => (await pool.query<{ it: string }>(text)).rows.map((row) => row.it);
  return {
    events,
    kill,
    waits: async (id: string) =>
      (await test.store.listEvents(id, 0, 10_000)).flatMap((event) =>
        event.kind === 'waiting' ? (event.reason?.code ?? '') : [],
      ),
    row: async (id: string) => (await test.store.getUpgrade(id)) as Upgrade,
    upgrades: async (count: number) => {
      const upgrades: Upgrade[] = [];
      for (let index = 0; index < count; index += 1) upgrades.push(await storedUpgrade(test.store));
      return upgrades;
    },
    /** Upgrades of which that server wrote the newest event. */
    carriedBy: (name: string) =>
      ask(
        `select id as it from clusterlift.upgrades join clusterlift.upgrade_events on upgrade_id = id and seq = last_seq
         where actor = '${name}' and kind = 'remark' order by 1`,
      ),
    /** A person or a bug: no turn of it is wanted any more. In one stroke: between two a sweep would begin the next generation. */
    stop: (id: string) =>
      ask(
        `update clusterlift.upgrades set generation = generation + 1, status = 'stopped' where id = '${id}' returning id as it`,
      ),
    leases: () => ask('select executor_id as it from clusterlift.leases order by 1'),
    completedAt: async (journal: string) => {
      const [at] = await ask(`select completed_at as it from dbos.workflow_status where workflow_uuid = '${journal}'`);
      return Number(at);
    },
    journals: (status = '%') =>
      ask(`select workflow_uuid as it from dbos.workflow_status where name = 'lift' and status like '${status}' order by 1`),
    carry: async (name: string, change: Partial<Carrier> = {}) => {
      const carrier: Carrier = {
        url: test.url,
        name,
        turnMs: 150,
        endsBefore: 0,
        throwsBefore: 0,
        alone: false,
        limits: quick,
        ...change,
      };
      const script = join(import.meta.dirname, 'testing-carrier.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(carrier)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      children.push(child);
      await once(child.stdout, 'data');
      return child;
    },
    /** Answers when it began to close. */
    close: async (child: ChildProcess) => {
      const exit = once(child, 'exit');
      const said = child.stdout ? once(child.stdout, 'data') : Promise.resolve(['']);
      child.stdin?.end();
      expect(await exit).toEqual([0, null]);
      return String((await said)[0]);
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
