import { describe, expect, it } from 'vitest';
import { emptyLedger, type Ledger, type Release } from '../../../domain/index.ts';
import { aWorld, backward, forward, memberOf, old, planOf, type World, young } from '../testing-world.ts';
import { run } from '../testing-world-run.ts';
import { hasRefused, startKey } from './launching.ts';
import type { MemberStanding } from './situation.ts';

const done = { do: 'done', as: 'done' };
const surges = (world: World) => world.acts.filter((act) => act.includes('apiserver-surge'));
const short = 511 * 2 ** 20;

describe('the place for one apiserver more', () => {
  it('stays empty where its host has not the memory, and one after the other is lifted while the rest serve', () => {
    const world = aWorld();
    world.freeMemoryBytes = short;
    expect(run(world, { plan: planOf([forward]) }).last.move).toMatchObject(done);
    expect(world.violations).toEqual([]);
    expect(surges(world)).toEqual([]);
    expect(world.acts.filter((act) => act.startsWith('replace-member apiserver'))).toEqual([
      'replace-member apiserver-1 1.37+eks.2 as 1.36',
      'replace-member apiserver-2 1.37+eks.2 as 1.36',
      'replace-member apiserver-1 1.37+eks.2',
      'replace-member apiserver-2 1.37+eks.2',
    ]);
  });

  it('is used where its host does not tell its memory', () => {
    const world = aWorld();
    world.freeMemoryBytes = null;
    expect(run(world, { plan: planOf([forward]) }).last.move).toMatchObject(done);
    expect(surges(world)[0]).toBe('start-surge apiserver-surge 1.37+eks.2 as 1.36');
  });

  it('is used for the only apiserver: without it nobody would serve meanwhile', () => {
    const world = aWorld({ apiservers: 1 });
    world.freeMemoryBytes = short;
    expect(run(world, { plan: planOf([forward]) }).last.move).toMatchObject(done);
    expect(surges(world)[0]).toBe('start-surge apiserver-surge 1.37+eks.2 as 1.36');
  });

  it('goes on being used when memory is short because of it', () => {
    const world = aWorld();
    const shortWhileItRuns = (current: World) => {
      current.freeMemoryBytes = memberOf(current, 'apiserver-surge').process === 'running' ? short : 8 * 2 ** 30;
    };
    expect(run(world, { plan: planOf([forward]), before: shortWhileItRuns }).last.move).toMatchObject(done);
    expect(world.violations).toEqual([]);
    expect(surges(world).filter((act) => act.startsWith('start-surge'))).toHaveLength(2);
  });
});

describe('a start that is repeated', () => {
  const name = 'apiserver-1';
  const stopped = (release: Release) =>
    ({
      name,
      seenMember: { process: { state: 'stopped', release, exitCode: null, lastLines: [] } },
    }) as unknown as MemberStanding;
  const own = { release: young, emulate: null };
  const emulating = { release: young, emulate: old.version };
  const tried = (attempts: Ledger['attempts']): Ledger => ({ ...emptyLedger, attempts });

  it('was refused twice where only this start can have left the process that ended', () => {
    const ledger = tried({ [startKey({ name }, emulating)]: 2 });
    expect(hasRefused({ hop: forward }, ledger, stopped(young), emulating)).toBe(true);
    expect(hasRefused({ hop: forward }, ledger, stopped(old), emulating)).toBe(false);
  });

  it('may have been cut off where the same program ran before, as something else', () => {
    const before = { [startKey({ name }, emulating)]: 1 };
    expect(hasRefused({ hop: forward }, tried({ ...before, [startKey({ name }, own)]: 2 }), stopped(young), own)).toBe(false);
    expect(hasRefused({ hop: forward }, tried({ ...before, [startKey({ name }, own)]: 5 }), stopped(young), own)).toBe(true);
    expect(hasRefused({ hop: backward }, tried({ [startKey({ name }, emulating)]: 2 }), stopped(young), emulating)).toBe(false);
  });
});
