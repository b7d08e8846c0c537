import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Decision, Move, TurnWrite } from '../domain/index.ts';
import { openTestStore, type TestStore } from '../store/samples.ts';
import { advance, giveUp } from './lift.ts';
import { because, newRelease } from './testing.ts';
import { aLift, finished, ledgerWith } from './testing-lift.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

describe('an ending', () => {
  const red = because('es.red', { clearedBy: 'Mend it.' });
  const stop: Move = { do: 'stop', because: red };
  it.each([
    ['done', finished, { status: 'done', reason: null, says: 'All members run it.', ended: true }],
    ['paused', { do: 'done', as: 'paused', says: 'Paused.' }, { status: 'paused', reason: null, says: 'Paused.', ended: false }],
    [
      'cancelled',
      { do: 'done', as: 'cancelled', says: 'Left.' },
      { status: 'cancelled', reason: null, says: 'Left.', ended: true },
    ],
    ['stopped', stop, { status: 'stopped', reason: red, says: red.says, ended: false }],
    ['gated', { ...stop, do: 'gate' }, { status: 'gated', reason: red, says: red.says, ended: false }],
  ] as const)('as %s writes status, reason and end together with one event', async (kind, move, expected) => {
    const lift = await aLift(test, { reason: because('es.waited') });
    const ledger = ledgerWith({ marks: ['left clean'] });
    lift.decides({ move, ledger });
    lift.clock.advance(5_000);
    expect(await lift.turn()).toBe('ended');
    const { status, reason } = expected;
    expect(await lift.row()).toMatchObject({ status, reason, ledger, endedAt: expected.ended ? lift.clock.now() : null });
    expect(await lift.events()).toMatchObject([{ kind, says: expected.says, reason, move: null, actor: null }]);
  });

  it('has the cluster remember what it runs now, and nothing else of it changes', async () => {
    const lift = await aLift(test);
    lift.decides(finished);
    lift.engine.release = newRelease;
    await lift.turn();
    const after = await test.store.getCluster(lift.cluster.id);
    expect(after).toEqual({ ...lift.cluster, spec: { ...lift.cluster.spec, release: newRelease }, updatedAt: lift.clock.now() });
  });

  it('leaves the remembered release alone where it cannot be told', async () => {
    const lift = await aLift(test);
    lift.decides(stop);
    lift.engine.release = null;
    await lift.turn();
    expect((await test.store.getCluster(lift.cluster.id))?.spec.release).toEqual(lift.cluster.spec.release);
  });

  it('does not overtake a wish that was written while it was decided: the wish is decided on in the next turn', async () => {
    const lift = await aLift(test);
    const decide = vi.fn((input: Parameters<typeof lift.engine.decide>[0]): Decision => {
      const move: Move = input.intent === 'cancel' ? { do: 'done', as: 'cancelled', says: 'Left.' } : stop;
      return { move, ledger: input.ledger, remarks: [] };
    });
    lift.engine.decide = decide;
    const cancelling = {
      ...test.store,
      writeTurn: async (turn: TurnWrite) => {
        await test.store.writeIntent({
          upgradeId: lift.upgrade.id,
          expectedStatus: 'running',
          expectedGeneration: 1,
          intent: 'cancel',
          nextGeneration: false,
          gatePassed: null,
          events: [],
          at: lift.clock.now(),
        });
        return test.store.writeTurn(turn);
      },
    };
    expect(await advance({ ...lift.parts, store: cancelling }, lift.upgrade.id, 1)).toBe('go-on');
    expect(await lift.row()).toMatchObject({ status: 'running', intent: 'cancel' });
    expect(await lift.turn()).toBe('ended');
    expect(await lift.row()).toMatchObject({ status: 'cancelled', intent: 'cancel' });
    expect(await lift.told()).toEqual(['cancelled: Left.']);
  });
});

describe('giving up', () => {
  it('stops the upgrade with what was thrown and what to do, and without any secret', async () => {
    const lift = await aLift(test);
    const thrown = 'GET http://elastic:correct horse@node-1.test failed; connect postgres://me:hunter2@db/main';
    await giveUp(lift.parts, lift.upgrade.id, 1, thrown);
    const { status, reason, endedAt } = await lift.row();
    expect({ status, code: reason?.code, endedAt }).toEqual({ status: 'stopped', code: 'lift.unexpected-error', endedAt: null });
    expect(reason?.says).toContain('node-1.test failed');
    expect(reason?.clearedBy).toContain('resume');
    const [told] = await lift.events();
    expect(told).toMatchObject({ kind: 'stopped', says: reason?.says });
    expect(JSON.stringify([reason, told])).not.toMatch(/correct horse|hunter2/);
  });

  it('of an older generation changes nothing', async () => {
    const lift = await aLift(test, { generation: 2 });
    await giveUp(lift.parts, lift.upgrade.id, 1, 'It threw.');
    expect(await lift.row()).toMatchObject({ status: 'running', reason: null });
    expect(await lift.told()).toEqual([]);
  });
});
