import { expect, test } from 'vitest';
import { layoutOf, type Place } from './layout.ts';

const releases = (...versions: readonly string[]) => versions.map((version) => ({ version }));
const edges = (...ways: readonly string[]) => ways.map((way) => ({ from: way.split('>')[0] ?? '', to: way.split('>')[1] ?? '' }));

function placesOf(places: readonly Place[]): Readonly<Record<string, readonly [number, number]>> {
  return Object.fromEntries(places.map(({ version, column, lane }) => [version, [column, lane]]));
}

test('a chain lies in one lane', () => {
  const { places, lanes, columns } = layoutOf(releases('1', '2', '3'), edges('1>2', '2>3'));
  expect(placesOf(places)).toEqual({ 1: [0, 0], 2: [1, 0], 3: [2, 0] });
  expect([columns, lanes]).toEqual([3, 1]);
});

test('a way that is shorter leaves the lane of the longest one, and nothing lies on anything else', () => {
  const { places } = layoutOf(releases('1', '2', '3', '4', '5'), edges('1>2', '2>3', '3>5', '2>4', '4>5', '1>5'));
  expect(new Set(places.map(({ column, lane }) => `${column} ${lane}`)).size).toBe(5);
  expect(placesOf(places)[5]).toEqual([3, expect.any(Number)]);
});

test('every release stands to the right of whatever leads to it', () => {
  const all = edges('1>2', '2>4', '3>4', '1>4', '4>5');
  const { places } = layoutOf(releases('1', '2', '3', '4', '5'), all);
  const column = (version: string) => placesOf(places)[version]?.[0] ?? Number.NaN;
  for (const { from, to } of all) expect([from, to, column(from) < column(to)]).toEqual([from, to, true]);
});

test('ways back are told apart from ways on, and ways to what is not known are left out', () => {
  const { forward, back } = layoutOf(releases('1', '2'), edges('1>2', '2>1', '2>9'));
  expect([forward, back]).toEqual([edges('1>2'), edges('2>1')]);
});

test('a shorter way stands near to where it leads', () => {
  const { places } = layoutOf(releases('1', '2', '3', '8', '4'), edges('1>2', '2>3', '3>4', '8>4'));
  expect(placesOf(places)[8]).toEqual([2, 1]);
});

test('a release without any way is named beside the picture', () => {
  expect(layoutOf(releases('1', '2', '3'), edges('1>3'))).toMatchObject({ alone: ['2'], columns: 2 });
  expect(layoutOf([], [])).toEqual({ places: [], alone: [], columns: 0, lanes: 0, forward: [], back: [] });
});
