import { expect, it } from 'vitest';
import type { EventRow } from '../test/rig/index.ts';
import { figuresOf } from './lifted-control-plane.ts';

function event(seq: number, second: number, about: Partial<EventRow>): EventRow {
  const at = new Date(second * 1000).toISOString();
  return { seq, at, kind: 'waiting', move: null, members: [], says: '', reason: null, ...about };
}
const waitFor = (code: string) => ({ reason: { code, subject: '', says: '', clearedBy: '' } });

it('takes the soak out for as long as it was asked for, whatever went on meanwhile, and tells how long members were to stay ready', () => {
  const events = [
    event(1, 0, { kind: 'started' }),
    event(2, 5, { kind: 'acting', move: 'snapshot-etcd' }),
    event(3, 6, waitFor('k8s.member-steady')),
    event(4, 9, { kind: 'acting', move: 'stop-surge', members: ['apiserver-surge'] }),
    event(4, 13, waitFor('k8s.soaking')),
    event(5, 19, { kind: 'acting', move: 'replace-member', members: ['scheduler-1'] }),
    event(6, 20, waitFor('k8s.member-steady')),
    event(7, 23, { kind: 'done' }),
  ];
  expect(figuresOf(events, 24)).toEqual({
    seconds: 14,
    soakSeconds: 10,
    steadySeconds: 6,
    steps: {
      'made ready: programs, trial starts': 5,
      'etcd: a snapshot': 8,
      'watched, before the emulation is lifted': 6,
      'controller managers and schedulers': 4,
    },
    spent: {
      'looking, deciding and writing down between them': 5,
      'snapshot-etcd': 1,
      'k8s.member-steady': 6,
      'stop-surge': 4,
      'k8s.soaking': 6,
      'replace-member': 1,
    },
  });
});
