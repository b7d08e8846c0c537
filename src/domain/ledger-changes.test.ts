import { describe, expect, it } from 'vitest';
import { emptyLedger } from './ledger.ts';
import {
  attemptsOf,
  isGoingBack,
  isStopping,
  lasted,
  withAttempt,
  withGoingBack,
  withMark,
  withoutAttempts,
  withoutGoingBack,
  withoutMark,
  withoutSince,
  withoutStopping,
  withSince,
  withStopping,
} from './ledger-changes.ts';

const because = { code: 'a.b', subject: 'node-1', says: 'It ended.', clearedBy: 'Mend it.', evidence: ['Error: no'] };
const other = { ...because, subject: 'node-2' };

describe('a ledger', () => {
  it('counts attempts by what was tried', () => {
    const twice = withAttempt(withAttempt(withAttempt(emptyLedger, 'a'), 'b'), 'a');
    expect([attemptsOf(twice, 'a'), attemptsOf(twice, 'b'), attemptsOf(twice, 'c')]).toEqual([2, 1, 0]);
    expect(withoutAttempts(twice, 'a').attempts).toEqual({ b: 1 });
  });

  it('keeps the first moment since when something is so', () => {
    const noted = withSince(withSince(emptyLedger, 'a', '2026-01-01T00:00:00.000Z'), 'a', '2026-01-01T00:00:09.000Z');
    const nowMs = Date.parse('2026-01-01T00:00:10.000Z');
    expect([lasted(noted, 'a', nowMs), lasted(noted, 'b', nowMs)]).toEqual([10_000, 0]);
    expect(withoutSince(noted, 'a', 'b').since).toEqual({});
  });

  it('has a mark once', () => {
    const marked = withMark(withMark(withMark(emptyLedger, 'a'), 'b'), 'a');
    expect(marked.marks).toEqual(['a', 'b']);
    expect(withoutMark(marked, 'a').marks).toEqual(['b']);
  });

  it('keeps the first reason for stopping until it is taken away', () => {
    const stopping = withStopping(withStopping(emptyLedger, because), other);
    expect(isStopping(stopping)).toEqual(because);
    expect(withoutStopping(stopping)).toEqual(emptyLedger);
  });

  it('keeps the first reason for going back of each hop apart', () => {
    const back = withGoingBack(withGoingBack(withGoingBack(emptyLedger, 0, because), 1, other), 0, other);
    expect([isGoingBack(back, 0), isGoingBack(back, 1), isGoingBack(back, 2)]).toEqual([because, other, null]);
    const one = withoutGoingBack(back, 0);
    expect([isGoingBack(one, 0), isGoingBack(one, 1)]).toEqual([null, other]);
    expect(withoutGoingBack(one, 1)).toEqual(emptyLedger);
  });

  it('of either reason loses the one that is taken away', () => {
    const both = withGoingBack(withStopping(emptyLedger, because), 0, other);
    expect(withoutStopping(both)).toEqual(withGoingBack(emptyLedger, 0, other));
    expect(withoutGoingBack(both, 0)).toEqual(withStopping(emptyLedger, because));
  });

  it('of before is read: reasons were marks then', () => {
    const marks = [`stopping ${JSON.stringify(because)}`, `going back 1 ${JSON.stringify(other)}`, 'etcd snapshot 0'];
    const before = { ...emptyLedger, marks };
    expect([isStopping(before), isGoingBack(before, 1), isGoingBack(before, 0)]).toEqual([because, other, null]);
    expect(withoutGoingBack(withoutStopping(before), 1)).toEqual({ ...emptyLedger, marks: ['etcd snapshot 0'] });
  });
});
