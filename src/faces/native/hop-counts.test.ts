import { describe, expect, it } from 'vitest';
import { createHopCounts } from './hop-counts.ts';
import { samplePlan } from './testing-samples.ts';

const caller = { keyId: 'LTAItests', account: '100000000000', policy: null };

function counts(known: (planId: string) => boolean) {
  const asked: string[] = [];
  const hopsOf = createHopCounts({
    getPlan: async (_, id) => {
      asked.push(id);
      return known(id) ? samplePlan({ id }) : undefined;
    },
  });
  return { asked, hopsOf: (planId: string) => hopsOf(caller, { planId }) };
}

describe('how many hops an upgrade has', () => {
  it('is read once from its plan, and again only of plans forgotten for newer ones', async () => {
    const { asked, hopsOf } = counts(() => true);
    expect([await hopsOf('first'), await hopsOf('first'), asked]).toEqual([1, 1, ['first']]);
    for (let number = 0; number < 10_000; number += 1) await hopsOf(`plan ${number}`);
    await hopsOf('plan 9999');
    expect(asked.at(-1)).toBe('plan 9999');
    expect(asked).toHaveLength(10_001);
    await hopsOf('first');
    expect(asked).toHaveLength(10_002);
  });

  it('is not known of a plan that is not there, which may come', async () => {
    let there = false;
    const { hopsOf } = counts(() => there);
    expect(await hopsOf('late')).toBe(null);
    there = true;
    expect(await hopsOf('late')).toBe(1);
  });
});
