import { expect, it } from 'vitest';
import { isAway, statusOf } from './thrown.ts';

it.each(['ECONNREFUSED', 'ETIMEDOUT', '53300', '57P01', '08006'])('takes %s for a database that is away', (code) => {
  expect(isAway(Object.assign(new Error('no'), { code }))).toBe(true);
});

it('takes a host that does not answer for one that is away', () => {
  expect(isAway(new Error('http://127.0.0.1:9/host/generationOf did not answer within 30000 ms'))).toBe(true);
});

it('takes nothing else for that', () => {
  expect(isAway(new Error('timeout exceeded when trying to connect'))).toBe(true);
  for (const other of [new Error('no'), Object.assign(new Error('no'), { code: '23505' }), null, 'away'])
    expect(isAway(other)).toBe(false);
});

it('holds what has no status of its own for our fault', () => {
  expect([statusOf({ statusCode: 413 }), statusOf(new Error('no')), statusOf(null)]).toEqual([413, 500, 500]);
});
