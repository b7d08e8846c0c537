import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { isPassing, ridingOut } from './retry.ts';

function refusedConnection(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
}

describe('riding out a database that is away', () => {
  it('tries again and tells that it is a repeat', async () => {
    const told: boolean[] = [];
    const end = await ridingOut(async (repeated) => {
      told.push(repeated);
      if (told.length < 3) throw refusedConnection();
      return 'through';
    });
    expect(end).toBe('through');
    expect(told).toEqual([false, true, true]);
  });

  it('gives up at its limit with the last trouble', async () => {
    let tries = 0;
    const end = ridingOut(async () => {
      tries += 1;
      throw refusedConnection();
    }, 100);
    await expect(end).rejects.toThrow('ECONNREFUSED');
    expect(tries).toBeGreaterThan(1);
  });

  it('never repeats what the database itself refused', async () => {
    let tries = 0;
    const refusal = Object.assign(new pg.DatabaseError('violates a constraint', 0, 'error'), { code: '23505' });
    const end = ridingOut(async () => {
      tries += 1;
      throw refusal;
    });
    await expect(end).rejects.toBe(refusal);
    expect(tries).toBe(1);
  });

  it('knows a passing trouble by its code, its message or the troubles inside it', () => {
    expect(isPassing(new AggregateError([refusedConnection()]))).toBe(true);
    expect(isPassing(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isPassing(Object.assign(new Error('starting up'), { code: '57P03' }))).toBe(true);
    expect(isPassing(Object.assign(new Error('no such table'), { code: '42P01' }))).toBe(false);
    expect(isPassing('ECONNREFUSED')).toBe(false);
  });
});
