import { expect, test } from 'vitest';
import { supportOf } from './support.ts';

const dated = {
  releasedAt: '2026-01-10T00:00:00.000Z',
  endOfStandardSupport: '2027-03-01T00:00:00.000Z',
  endOfExtendedSupport: '2028-03-01T00:00:00.000Z',
};
const on = (day: string) => Date.parse(`${day}T00:00:00.000Z`);

test.each([
  ['2026-01-01', { kind: 'to-come', from: dated.releasedAt }],
  ['2027-02-27', { kind: 'standard', until: dated.endOfStandardSupport, days: 2 }],
  ['2027-03-01', { kind: 'extended', until: dated.endOfExtendedSupport, days: 366 }],
  ['2028-03-01', { kind: 'ended', since: dated.endOfExtendedSupport }],
])('on %s it is %j', (day, support) => {
  expect(supportOf(dated, on(day))).toEqual(support);
});

test('nothing is said where there are no dates', () => {
  expect(supportOf({ releasedAt: null, endOfStandardSupport: null, endOfExtendedSupport: null }, 0)).toEqual({
    kind: 'not-dated',
  });
});
