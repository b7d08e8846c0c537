import { expect, test } from 'vitest';
import { planSample, upgradeSample } from '../testing/samples.ts';
import { renderLive } from './live.ts';

const plain = (_style: string, text: string) => text;
const now = new Date('2026-11-24T09:02:00.000Z');
const base = { clusterName: 'logs', plan: null, observation: null, waiting: null };

test('before anything is known it says the way, the status and the time', () => {
  expect(renderLive(plain, { ...base, upgrade: upgradeSample({ intent: 'pause' }) }, now)).toMatchInlineSnapshot(`
    "
    logs: 6.7.0 -> 7.17.29  running (asked to pause), 2 min
    "
  `);
});

test('many members are told by wave', () => {
  const names = Array.from({ length: 16 }, (_, index) => `n${index}`);
  const [first] = planSample().hops;
  if (first === undefined) throw new Error('the sample has a hop');
  const plan = planSample({ hops: [{ ...first, waves: [names.slice(0, 8), names.slice(8)] }] });
  const observation = {
    reachable: true,
    members: names.map((name, index) => ({
      name,
      release: { version: index < 9 ? '6.8.23' : '6.7.0', build: null },
      joined: true,
    })),
  };
  const upgrade = upgradeSample({ inHand: ['n9', 'n10'], hops: 1 });
  expect(renderLive(plain, { ...base, upgrade, plan, observation }, now)).toMatchInlineSnapshot(`
    "
    logs: 6.7.0 -> 7.17.29  running, 2 min of about 1 min 25 s
    6.7.0 -> 6.8.23, 2 waves, about 20 s
      WAVE  THERE   IN HAND
      1     8 of 8  -
      2     1 of 8  n9, n10
    In hand: n9, n10
    "
  `);
});
