import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Copy, primariesToHandOver } from './hand-over-primaries.ts';

const copy = (shard: number, node: string | null, primary: boolean, state = 'STARTED'): Copy => ({
  index: 'orders',
  shard,
  node,
  primary,
  state,
});

describe('primaries that are handed over before a wave stops', () => {
  it('are those on a node that leaves with a started copy on one that stays', () => {
    const [primary, ...others] = [copy(0, 'a', true), copy(0, 'b', false), copy(1, 'b', true), copy(1, 'a', false)];
    expect(primariesToHandOver([primary as Copy, ...others], ['a'])).toEqual([primary]);
  });

  it('are none where the other copy leaves, too', () => {
    expect(primariesToHandOver([copy(0, 'a', true), copy(0, 'b', false)], ['a', 'b'])).toEqual([]);
  });

  it('are none where the other copy is not started', () => {
    for (const state of ['INITIALIZING', 'RELOCATING', 'UNASSIGNED'])
      expect(primariesToHandOver([copy(0, 'a', true), copy(0, 'b', false, state)], ['a'])).toEqual([]);
  });

  it('leave every shard a started copy on a node that stays', () => {
    const copies = fc.array(
      fc.record({
        index: fc.constantFrom('orders', 'users'),
        shard: fc.nat(3),
        node: fc.constantFrom('a', 'b', 'c', null),
        primary: fc.boolean(),
        state: fc.constantFrom('STARTED', 'INITIALIZING', 'UNASSIGNED'),
      }),
    );
    fc.assert(
      fc.property(copies, fc.subarray(['a', 'b', 'c']), (all, leavers) => {
        for (const { index, shard, node } of primariesToHandOver(all, leavers)) {
          expect(leavers).toContain(node);
          const stays = all.filter((other) => other.index === index && other.shard === shard && other.state === 'STARTED');
          expect(stays.some((other) => other.node !== null && !leavers.includes(other.node))).toBe(true);
        }
      }),
    );
  });
});
