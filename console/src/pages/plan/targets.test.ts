import { expect, test } from 'vitest';
import { targetsOf } from './targets.ts';

const catalog = {
  releases: ['1', '2', '3', '4'].map((version) => ({ version, builds: [`${version}.a`] })),
  edges: ['1>2', '2>3', '2>1', '3>2', '2>4', '3>4'].map((way) => ({ from: way.slice(0, 1), to: way.slice(2) })),
};

test('everything that a way leads to is offered, the newest first, with how many hops it takes', () => {
  expect(targetsOf(catalog, '1').map(({ version, hops }) => [version, hops])).toEqual([
    ['4', 2],
    ['3', 2],
    ['2', 1],
  ]);
});

test('of the ways back only the first hop is offered, and last', () => {
  expect(targetsOf(catalog, '3').map(({ version, hops, isBack }) => [version, hops, isBack])).toEqual([
    ['4', 1, false],
    ['2', 1, true],
  ]);
});

test('of a release from which no way leads on nothing is offered', () => {
  expect(targetsOf(catalog, '4')).toEqual([]);
  expect(targetsOf(catalog, 'unknown')).toEqual([]);
});
