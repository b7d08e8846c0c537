import { describe, expect, it } from 'vitest';
import type { EventRow } from '../../test/rig/index.ts';
import { phasesOf } from './phases.ts';

let seq = 0;
function at(second: number, kind: string, about: Partial<EventRow> = {}): EventRow {
  seq += 1;
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  return { seq, at: time, kind, move: null, members: [], says: '', reason: null, ...about };
}
function replaces(second: number, member: string, aim: string): EventRow {
  return at(second, 'acting', { move: 'replace-member', members: [member], says: `Stops ${member} and starts it at ${aim}.` });
}
const soaking = { code: 'k8s.soaking', subject: 'apiservers', says: '', clearedBy: '' };

function shown(events: readonly EventRow[]): readonly string[] {
  return phasesOf(events).map(({ name, fromMs, toMs }) => `${(toMs - fromMs) / 1000} ${name}`);
}

describe('the parts of an upgrade', () => {
  it('are read from its events on the way up', () => {
    const events = [
      at(0, 'started'),
      at(1, 'acting', { move: 'prefetch' }),
      at(3, 'acting', { move: 'snapshot-etcd', members: ['etcd-1'] }),
      at(5, 'acting', {
        move: 'start-surge',
        members: ['apiserver-surge'],
        says: 'Starts apiserver-surge at 1.37 (eks.2) behaving as 1.36 beside the others.',
      }),
      replaces(10, 'apiserver-1', '1.37 (eks.2) behaving as 1.36'),
      at(15, 'acting', { move: 'stop-surge', members: ['apiserver-surge'] }),
      at(20, 'waiting', { reason: soaking }),
      replaces(30, 'apiserver-1', '1.37 (eks.2)'),
      replaces(40, 'controller-manager-2', '1.37 (eks.2)'),
      replaces(42, 'scheduler-1', '1.37 (eks.2)'),
      at(45, 'done'),
    ];
    expect(shown(events)).toEqual([
      '3 made ready: programs, trial starts',
      '2 etcd: a snapshot',
      '15 apiservers: 1.37, behaving as 1.36',
      '10 watched, before the emulation is lifted',
      '10 apiservers: 1.37 as itself',
      '5 controller managers and schedulers',
    ]);
  });

  it('are read from its events on the way back, and of etcd', () => {
    const events = [
      replaces(0, 'scheduler-1', '1.36 (eks.3)'),
      replaces(5, 'apiserver-1', '1.37 (eks.2) behaving as 1.36'),
      at(9, 'acting', { move: 'rewrite-storage' }),
      replaces(10, 'apiserver-1', '1.36 (eks.3)'),
      replaces(15, 'etcd-1', '3.6.16'),
      at(20, 'done'),
    ];
    expect(shown(events)).toEqual([
      '5 controller managers and schedulers',
      '4 apiservers: 1.37, behaving as 1.36',
      '1 stored objects written back',
      '5 apiservers: 1.36 as itself',
      '5 etcd, member by member',
    ]);
    expect(phasesOf([])).toEqual([]);
  });
});
