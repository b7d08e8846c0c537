import { expect, it } from 'vitest';
import { shardActivity } from './shard-activity.ts';

const quiet = {
  status: 'green',
  timedOut: false,
  numberOfNodes: 3,
  initializing: 0,
  relocating: 0,
  unassigned: 0,
  delayedUnassigned: 0,
  inFlightFetch: 0,
  pendingTasks: 0,
  maxTaskWaitMs: 0,
} as const;

it('says what is going on and leaves out what is not', () => {
  expect(shardActivity({ ...quiet, initializing: 1 })).toBe('1 shard copy is being made.');
  expect(shardActivity({ ...quiet, initializing: 2, relocating: 1 })).toBe('2 shard copies are being made, 1 is moving.');
  expect(shardActivity({ ...quiet, inFlightFetch: 24 })).toBe('24 shard copies are being looked for on disks.');
  expect(shardActivity(quiet)).toBe('No shard copy is being made or moved.');
});
