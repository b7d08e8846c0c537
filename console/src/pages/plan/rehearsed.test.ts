import { expect, test } from 'vitest';
import { type FaultRun, faultGroupsOf } from './rehearsed.ts';

const run = (fault: string, member: string | null, change: Partial<FaultRun> = {}): FaultRun => ({
  ...{ fault, member, lost: null, status: 'done', reason: null, tookMs: 10_000, remarks: [], thinnest: null },
  ...change,
});
const reason = { code: 'es.member-does-not-start', says: 'It does not start.', clearedBy: 'Mend it.' };

test('members to which the same fault does the same are told of together, and what stops it comes first', () => {
  const groups = faultGroupsOf([
    run('member-returns-slowly', 'a', { tookMs: 20_000 }),
    run('member-returns-slowly', 'b', { tookMs: 30_000 }),
    run('member-does-not-return', 'a', { status: 'stopped', reason }),
    run('settings-refused', null, { status: 'running' }),
    run('another-member-lost', 'a', { lost: 'c', status: 'returned' }),
  ]);
  expect(groups.map(({ says, ends }) => [ends, says])).toEqual([
    ['does-not-end', 'Every change of settings is refused'],
    ['stops', 'a does not come back'],
    ['goes-back', 'c dies while a is away'],
    ['passes', 'a or b takes ten times as long to come back'],
  ]);
  expect(groups[3]).toMatchObject({ shortestMs: 20_000, longestMs: 30_000 });
  expect(groups[1]).toMatchObject({ reason });
});

test('a fault that is not known here is told by its name', () => {
  expect(faultGroupsOf([run('disk-sings', 'a')])[0]?.says).toBe('disk-sings a');
});
