import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Move, TurnWrite } from '../domain/index.ts';
import { openTestStore, type TestStore } from '../store/samples.ts';
import { advance } from './lift.ts';
import { limits } from './limits.ts';
import { actOn, because, waitFor } from './testing.ts';
import { aLift, finished, ledgerWith } from './testing-lift.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

describe('an act', () => {
  it('is in the database with its ledger before anything is touched', async () => {
    const lift = await aLift(test, { reason: because('es.waited') });
    const ledger = ledgerWith({ generation: 1, attempts: { 'start node-1': 1 }, ownerSettings: { 'persistent:a': null } });
    lift.decides({ move: actOn('node-1'), ledger });
    let seen: unknown;
    lift.engine.perform = async (move, context) => {
      const row = await lift.row();
      seen = { ledger: row.ledger, reason: row.reason, told: await lift.told(), given: context.ledger, ticket: context.ticket };
      return { kind: 'done', says: `${move.on[0]?.name} is back.` };
    };
    expect(await lift.turn()).toBe('go-on');
    expect(seen).toEqual({
      ledger,
      reason: null,
      told: ['acting: node-1 is next.'],
      given: ledger,
      ticket: { clusterId: lift.cluster.id, generation: 1 },
    });
    expect(await lift.events()).toMatchObject([
      { kind: 'acting', move: 'restart', members: ['node-1'], generation: 1 },
      { kind: 'acted', move: 'restart', members: ['node-1'], says: 'node-1 is back.', reason: null },
    ]);
  });

  it('is decided afresh from a new look when it was cut off', async () => {
    const lift = await aLift(test);
    lift.decides(actOn('node-1'), finished);
    lift.engine.perform = () => Promise.reject(new Error('the server is gone'));
    await expect(lift.turn()).rejects.toThrow('the server is gone');
    lift.engine.asked.length = 0;
    expect(await lift.turn()).toBe('ended');
    expect(lift.engine.asked).toEqual(['observe turn', 'decide']);
    expect(await lift.told()).toEqual(['acting: node-1 is next.', 'done: All members run it.']);
  });

  it('that never comes back is looked at afresh by whoever runs the turn again', async () => {
    const lift = await aLift(test);
    lift.decides(actOn('node-1'));
    let first = true;
    lift.engine.perform = () => {
      if (!first) return Promise.resolve({ kind: 'refused', because: 'already-running', says: 'It runs.' });
      first = false;
      return new Promise(() => undefined);
    };
    void lift.turn();
    await vi.waitFor(() => expect(lift.engine.asked).toContain('perform restart node-1'), { timeout: 10_000 });
    lift.engine.asked.length = 0;
    expect(await lift.turn()).toBe('go-on');
    expect(lift.engine.asked).toEqual(['observe turn', 'decide', 'perform restart node-1']);
    expect((await lift.told()).at(-1)).toBe('refused: It runs.');
  });

  it('that failed is told with the last lines of the member, and the loop goes on', async () => {
    const lift = await aLift(test);
    lift.decides(actOn('node-1'));
    lift.engine.perform = async () => ({ kind: 'failed', says: 'It ended at once.', lastLines: ['unknown setting [foo]'] });
    expect(await lift.turn()).toBe('go-on');
    const told = (await lift.events()).at(-1);
    expect(told).toMatchObject({ kind: 'failed', says: 'It ended at once.' });
    expect(told?.reason).toMatchObject({ code: 'act.failed', subject: 'node-1', evidence: ['unknown setting [foo]'] });
    expect(await lift.row()).toMatchObject({ status: 'running', reason: null });
  });

  it('leaves its marks in the ledger once it is done, and none when it is not', async () => {
    const lift = await aLift(test, { ledger: ledgerWith({ marks: ['earlier'] }) });
    lift.decides(actOn('node-1', { marksWhenDone: ['flushed', 'earlier'] }));
    lift.engine.perform = async () => ({ kind: 'failed', says: 'No.', lastLines: [] });
    await lift.turn();
    expect((await lift.row()).ledger.marks).toEqual(['earlier']);
    lift.engine.perform = async () => ({ kind: 'done', says: 'Yes.' });
    await lift.turn();
    expect((await lift.row()).ledger.marks).toEqual(['earlier', 'flushed']);
  });

  it('is not begun any more when the server is about to end', async () => {
    const lift = await aLift(test);
    lift.decides(actOn('node-1'));
    lift.closing.abort();
    expect(await lift.turn()).toBe('go-on');
    expect(lift.engine.asked).toEqual(['observe turn', 'decide']);
    expect(await lift.told()).toEqual([]);
  });
});

describe('an older generation', () => {
  it('does nothing and ends', async () => {
    const lift = await aLift(test, { generation: 3 });
    expect(await lift.turn(2)).toBe('ended');
    expect(lift.engine.asked).toEqual([]);
    expect(await lift.told()).toEqual([]);
  });

  it('that was overtaken while it looked touches nothing', async () => {
    const lift = await aLift(test);
    lift.decides(actOn('node-1'));
    const decide = lift.engine.decide;
    let raised: Promise<unknown> = Promise.resolve();
    lift.engine.decide = (input) => {
      raised = test.store.nextGeneration(lift.upgrade.id, 1, lift.clock.now());
      return decide(input);
    };
    const overtaken = {
      ...test.store,
      writeTurn: async (turn: TurnWrite) => {
        await raised;
        return test.store.writeTurn(turn);
      },
    };
    expect(await advance({ ...lift.parts, store: overtaken }, lift.upgrade.id, 1)).toBe('ended');
    expect(lift.engine.asked).toEqual(['observe turn', 'decide']);
    expect(await lift.told()).toEqual([]);
  });

  it.each(['paused', 'stopped', 'gated', 'done', 'cancelled'] as const)(
    'of an upgrade that is %s ends at once',
    async (status) => {
      const lift = await aLift(test, { status });
      expect(await lift.turn()).toBe('ended');
      expect(lift.engine.asked).toEqual([]);
    },
  );

  it('of an upgrade that nobody knows ends at once', async () => {
    const lift = await aLift(test);
    expect(await advance(lift.parts, 'no such upgrade', 1)).toBe('ended');
  });
});

describe('a wait', () => {
  it('is told once while its reason stays the same, and again when it changes', async () => {
    const lift = await aLift(test);
    lift.decides(waitFor('es.shards-initializing'), waitFor('es.shards-initializing'), waitFor('es.joining'), finished);
    expect(await lift.turn()).toBe('ended');
    const told = (await lift.events()).filter((event) => event.kind === 'waiting');
    expect(told.map((event) => event.reason?.code)).toEqual(['es.shards-initializing', 'es.joining']);
    expect(lift.engine.asked.filter((what) => what === 'observe turn')).toHaveLength(4);
  });

  it('for the same reason about another subject is told', async () => {
    const lift = await aLift(test);
    const about = (subject: string): Move => ({ do: 'wait', for: because('es.joining', { subject }), lookAgainAfterMs: 500 });
    lift.decides(about('node-1'), about('node-2'), finished);
    await lift.turn();
    const told = (await lift.events()).filter((event) => event.kind === 'waiting');
    expect(told.map((event) => event.reason?.subject)).toEqual(['node-1', 'node-2']);
  });

  it('is the reason of the upgrade while it lasts', async () => {
    const lift = await aLift(test);
    lift.decides(waitFor('es.joining'));
    expect(await lift.turn()).toBe('go-on');
    expect(await lift.row()).toMatchObject({ status: 'running', reason: because('es.joining') });
  });

  it('keeps a ledger that has changed, without a second event', async () => {
    const lift = await aLift(test);
    const since = { settled: '2026-11-23T12:00:01.000Z' };
    lift.decides(waitFor('es.settling'), { move: waitFor('es.settling'), ledger: ledgerWith({ since }) });
    await lift.turn();
    expect((await lift.row()).ledger.since).toEqual(since);
    expect((await lift.events()).filter((event) => event.kind === 'waiting')).toHaveLength(1);
  });

  it('looks again after the time that was asked for, and ends the turn when the time of a turn is over', async () => {
    const lift = await aLift(test);
    lift.decides(waitFor('es.joining', 7_000));
    expect(await lift.turn()).toBe('go-on');
    expect(lift.clock.pauses).toEqual([7_000, 7_000, 7_000, 7_000, 2_000]);
    expect(lift.clock.pauses.reduce((sum, each) => sum + each)).toBe(limits.turnTimeMs);
  });

  it('ends at once when the server is about to end', async () => {
    const lift = await aLift(test);
    lift.decides(waitFor('es.joining'));
    lift.closing.abort();
    expect(await lift.turn()).toBe('go-on');
    expect(lift.clock.pauses).toEqual([]);
    expect((await lift.row()).reason?.code).toBe('es.joining');
  });
});

describe('a remark', () => {
  it('is told once in an upgrade, in whatever generation it is made again', async () => {
    const lift = await aLift(test);
    const remarks = ['It stays yellow.', 'It stays yellow.'];
    lift.engine.decide = ({ ledger, generation }) =>
      generation === 1
        ? { move: actOn('node-1'), ledger, remarks }
        : { move: finished, ledger, remarks: [...remarks, 'It is late.'] };
    await lift.turn();
    await lift.turn();
    await test.store.nextGeneration(lift.upgrade.id, 1, lift.clock.now());
    expect(await lift.turn(2)).toBe('ended');
    const told = (await lift.events()).filter((event) => event.kind === 'remark').map((event) => event.says);
    expect(told).toEqual(['It stays yellow.', 'It is late.']);
  });

  it('that comes up while the reason of a wait stays the same is told', async () => {
    const lift = await aLift(test);
    lift.decides(waitFor('es.joining'), { move: waitFor('es.joining'), remarks: ['It takes long.'] }, finished);
    await lift.turn();
    expect(await lift.told()).toContain('remark: It takes long.');
  });
});
