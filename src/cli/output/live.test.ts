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

test('an apiserver that is taken twice and an etcd of its own versions are through only when a later wave has begun', () => {
  const [from, to] = [
    { version: '1.35', build: 'eks.4' },
    { version: '1.36', build: 'eks.3' },
  ];
  const hop = { from, to, mode: 'rolling', requires: [] };
  const waves = [['etcd-1'], ['apiserver-1'], ['apiserver-2'], ['apiserver-1'], ['apiserver-2'], ['scheduler-1']];
  const plan = planSample({ from, to, hops: [{ hop, waves, estimateSeconds: 60, oneWayDoors: [] }] });
  const statesWhen = (etcd: string, apiservers: readonly [typeof from, typeof from], inHand: string[]) => {
    const releases = { 'etcd-1': { version: etcd, build: null }, 'apiserver-1': apiservers[0], 'apiserver-2': apiservers[1] };
    const members = Object.entries({ ...releases, 'scheduler-1': from }).map(([name, release]) => ({
      name,
      release,
      joined: true,
    }));
    const upgrade = upgradeSample({ from, to, hops: 1, inHand });
    const text = renderLive(plain, { ...base, upgrade, plan, observation: { reachable: true, members } }, now);
    return text
      .split('\n')
      .slice(4, 8)
      .map((line) => line.trim().split(/ {2,}/).slice(0, 3).join(' | '));
  };
  const row = (waves: string, name: string, state: string) => `${waves} | ${name} | ${state}`;
  expect(statesWhen('3.5.35', [from, from], [])).toEqual([
    row('1', 'etcd-1', 'to come'),
    row('2, 4', 'apiserver-1', 'to come'),
    row('3, 5', 'apiserver-2', 'to come'),
    row('6', 'scheduler-1', 'to come'),
  ]);
  expect(statesWhen('3.6.16', [to, from], ['apiserver-2'])).toEqual([
    row('1', 'etcd-1', 'there'),
    row('2, 4', 'apiserver-1', 'once more'),
    row('3, 5', 'apiserver-2', 'in hand'),
    row('6', 'scheduler-1', 'to come'),
  ]);
  expect(statesWhen('3.6.16', [to, to], ['scheduler-1'])).toEqual([
    row('1', 'etcd-1', 'there'),
    row('2, 4', 'apiserver-1', 'there'),
    row('3, 5', 'apiserver-2', 'there'),
    row('6', 'scheduler-1', 'in hand'),
  ]);
});
