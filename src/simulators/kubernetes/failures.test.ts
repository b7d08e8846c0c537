import { afterEach, describe, expect, it } from 'vitest';
import {
  expectSafe,
  hopOf,
  lift,
  makePods,
  minorsOf,
  next,
  old,
  patched,
  startPlane,
  tried,
} from '../../../test/rig/simulated-plane.ts';
import type { failures } from './processes/faults.ts';

/** The limits of the engine are minutes; they go by that much faster here. */
const pace = 60;
const timeoutMs = 120_000;
let plane: Awaited<ReturnType<typeof startPlane>>;
afterEach(() => plane.close());

async function liftedBut(...failing: readonly (keyof typeof failures)[]) {
  plane = await startPlane(failing);
  return lift(hopOf(old, next), pace);
}

describe('an upgrade of a simulated control plane whose tag lets something fail', () => {
  it(
    'member-flaps: goes back by itself',
    async () => {
      const { move, acts } = await liftedBut('member-flaps');
      expect(move, acts.join(', ')).toMatchObject({ do: 'returned' });
      expect(new Set(minorsOf('apiserver'))).toEqual(new Set([36]));
      expectSafe(1);
    },
    timeoutMs,
  );

  it(
    'etcd-full: does not end as done',
    async () => {
      const { move, acts } = await liftedBut('etcd-full');
      expect(['stop', 'returned'], acts.join(', ')).toContain(move.do);
    },
    timeoutMs,
  );

  it(
    'controllers-exit: stops for a person with all apiservers lifted and serving, and goes on once the tag is gone',
    async () => {
      const { move, acts } = await liftedBut('controllers-exit');
      expect(move, acts.join(', ')).toMatchObject({ do: 'stop' });
      expect(new Set(minorsOf('apiserver'))).toEqual(new Set([37]));
      plane.failures.clear();
      const again = await lift(hopOf(old, next), pace);
      expect(again.move, again.acts.join(', ')).toMatchObject({ do: 'done', as: 'done' });
      expect([...minorsOf('controller-manager'), ...minorsOf('scheduler')]).toEqual([37, 37, 37, 37]);
      expectSafe(2);
    },
    timeoutMs,
  );

  it(
    'node-rejoins-slowly: is done all the same',
    async () => {
      const { move, acts } = await liftedBut('node-rejoins-slowly');
      expect(move, acts.join(', ')).toMatchObject({ do: 'done', as: 'done' });
      expectSafe(2);
    },
    timeoutMs,
  );

  it(
    'node-does-not-rejoin: the upgrade of a node group goes back by itself, with every old node there and none cordoned',
    async () => {
      plane = await startPlane(['node-does-not-rejoin']);
      const { move, acts } = await lift(hopOf(old, patched, { nodegroup: 'blue' }), pace);
      expect(move, acts.join(', ')).toMatchObject({ do: 'returned' });
      expect([...minorsOf('blue-1'), ...minorsOf('blue-2')]).toEqual([36, 36]);
      expect(minorsOf('blue-surge')).toEqual([]);
      expectSafe(2);
    },
    timeoutMs,
  );

  it(
    'pods-not-evicted: the upgrade of a node group goes back by itself, and no node is left cordoned',
    async () => {
      plane = await startPlane(['pods-not-evicted']);
      makePods();
      const { move, acts } = await lift(hopOf(old, patched, { nodegroup: 'blue' }), 4 * pace);
      expect(move, acts.join(', ')).toMatchObject({ do: 'returned' });
      expectSafe(2);
    },
    timeoutMs,
  );

  it(
    'trial-refused: every trial is refused with a flag that nobody set',
    async () => {
      plane = await startPlane(['trial-refused']);
      expect(await tried()).toMatchObject({ kind: 'refused', exitCode: 1 });
      plane.failures.clear();
      expect(await tried()).toMatchObject({ kind: 'passed' });
    },
    timeoutMs,
  );
});
