import { describe, expect, it } from 'vitest';
import type { RunningUpgrade, Store, TurnWrite } from '../../domain/index.ts';
import { silentLog } from '../../store/testing.ts';
import { type Entry, workflowId } from './journal.ts';
import { type SweepParts, sweep } from './sweep.ts';

const now = '2026-11-25T12:00:00.000Z';

/** A database in which somebody else may write between the look at upgrades and the look at their workflows. */
function given(statuses: Readonly<Record<string, string>>) {
  const running = new Map<string, RunningUpgrade>(
    Object.keys(statuses).map((id) => [id, { id, generation: 1, revision: 5 }] as const),
  );
  const done: string[] = [];
  const turns: TurnWrite[] = [];
  let meanwhile = (): void => undefined;
  const store = {
    takeExpiredLeases: async () => [],
    listRunning: async () => [...running.values()],
    liveExecutors: async () => ['other'],
    nextGeneration: async (id: string, generation: number) => {
      done.push(`generation ${generation + 1} of ${id}`);
      return { id, generation: generation + 1, ledger: {} };
    },
    writeTurn: async (turn: TurnWrite) => {
      const { revision } = running.get(turn.upgradeId) ?? { revision: 0 };
      if (turn.expectedRevision !== undefined && turn.expectedRevision !== revision) return false;
      if (turn.reason !== undefined) turns.push(turn);
      return true;
    },
  } as unknown as Store;
  const entryOf = (id: string): Entry => {
    const [status = '', executorId = null] = (statuses[id] ?? '').split(' of ');
    return { id: workflowId(id, 1), status, executorId };
  };
  const parts: SweepParts = {
    store,
    journal: {
      list: async () => {
        meanwhile();
        return Object.keys(statuses)
          .filter((id) => statuses[id] !== 'none')
          .map(entryOf);
      },
      anyWaits: async () => false,
      cancel: async (ids) => void done.push(...ids.map((id) => `cancel ${id}`)),
      start: async (id, generation, begun) => void done.push(`start ${id} ${generation}${begun ? ' first' : ''}`),
      close: async () => undefined,
    },
    log: silentLog,
    now: () => now,
    executorId: 'me',
    carried: new Set(),
    queued: new Map(),
  };
  const write = (id: string) => {
    const before = running.get(id);
    if (before !== undefined) running.set(id, { ...before, revision: before.revision + 1 });
  };
  return {
    parts,
    done,
    told: () => turns.map(({ upgradeId, reason }) => `${upgradeId}: ${reason?.code}`),
    meanwhile: (befalls: () => void) => {
      meanwhile = befalls;
    },
    write,
  };
}

describe('a sweep over the running upgrades', () => {
  it('queues what was in hand before what has not begun, and leaves alone what lives', async () => {
    const { parts, done } = given({
      new: 'none',
      ended: 'SUCCESS',
      mine: 'PENDING of me',
      theirs: 'PENDING of other',
      lost: 'PENDING of dead',
      waits: 'ENQUEUED',
    });
    await sweep(parts);
    expect(done[0]).toBe('cancel lift:lost:1');
    expect(done.at(-1)).toBe('start new 1');
    expect([...done].sort()).toEqual([
      'cancel lift:lost:1',
      'generation 2 of ended',
      'generation 2 of lost',
      'start ended 2 first',
      'start lost 2 first',
      'start new 1',
    ]);
  });

  it('tells an upgrade that waits for its turn so once, when it was seen twice', async () => {
    const { parts, told } = given({ waits: 'ENQUEUED' });
    await sweep(parts);
    expect(told()).toEqual([]);
    for (let again = 0; again < 3; again += 1) await sweep(parts);
    expect(told()).toEqual(['waits: lift.waits-for-its-turn']);
  });

  it('says nothing of an upgrade that was written to since it was seen to wait, and says it once it is quiet', async () => {
    const { parts, told, meanwhile, write } = given({ begins: 'ENQUEUED' });
    await sweep(parts);
    meanwhile(() => write('begins'));
    await sweep(parts);
    expect(told()).toEqual([]);
    meanwhile(() => undefined);
    await sweep(parts);
    expect(told()).toEqual(['begins: lift.waits-for-its-turn']);
  });
});
