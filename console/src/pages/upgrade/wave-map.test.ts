import { describe, expect, test } from 'vitest';
import { takingsOf } from './takings.ts';
import { eventsOf, stoppedInFirst, twoWaves } from './testing-events.ts';
import { type MapInput, progressOf, type WaveMap, waveMapOf } from './wave-map.ts';

const plan = { hops: [{ waves: [['a-1'], ['b-1', 'b-2']] }] };
const zone = (name: string) => ({ name, zone: name.slice(0, 1), roles: ['master', 'data'] });
const cluster = { nodes: ['a-1', 'b-1', 'b-2'].map(zone) };
const none = new Set<string>();

function mapOf(change: Partial<MapInput>): WaveMap {
  return waveMapOf({ plan, hop: 0, cluster, course: null, takings: [], arrived: none, ...change });
}

function statesOf(map: WaveMap): Readonly<Record<string, readonly string[]>> {
  const members = map.rows.flatMap(({ cells }) => cells.flat());
  const names = [...new Set(members.map(({ name }) => name))];
  return Object.fromEntries(names.map((name) => [name, members.filter((one) => one.name === name).map(({ state }) => state)]));
}

describe('the map of waves', () => {
  test('has zones as rows and waves as columns, and everything to come before the start', () => {
    expect(mapOf({})).toEqual({
      rowsAre: 'zones',
      waves: [
        { number: 1, state: 'to-come' },
        { number: 2, state: 'to-come' },
      ],
      rows: [
        { name: 'a', cells: [[{ name: 'a-1', state: 'to-come' }], []] },
        {
          name: 'b',
          cells: [
            [],
            [
              { name: 'b-1', state: 'to-come' },
              { name: 'b-2', state: 'to-come' },
            ],
          ],
        },
      ],
    });
  });

  test('has one row where there are no zones, and one for each kind of member of a control plane', () => {
    const nodes = ['a-1', 'b-1', 'b-2'].map((name) => ({ ...zone(name), zone: null }));
    expect(mapOf({ cluster: { nodes } }).rows.map(({ name }) => name)).toEqual(['all']);
    const kinds = nodes.map((node) => ({ ...node, roles: [node.name === 'a-1' ? 'kube-apiserver' : 'kube-scheduler'] }));
    const map = mapOf({ cluster: { nodes: kinds } });
    expect([map.rowsAre, map.rows.map(({ name }) => name)]).toEqual(['kinds', ['kube-apiserver', 'kube-scheduler']]);
  });

  test('shows who is lifted, who is in hand and who is to come', () => {
    const takings = takingsOf(plan, twoWaves.slice(0, 10));
    const map = mapOf({ takings, course: { status: 'running', hop: 0, inHand: ['b-1', 'b-2'] } });
    expect(statesOf(map)).toEqual({ 'a-1': ['lifted'], 'b-1': ['in-hand'], 'b-2': ['in-hand'] });
    expect(map.waves.map(({ state }) => state)).toEqual(['done', 'now']);
    const earlier = mapOf({ takings: takings.slice(0, 1), course: { status: 'running', hop: 0, inHand: ['a-1'] } });
    expect(statesOf(earlier)).toEqual({ 'a-1': ['in-hand'], 'b-1': ['to-come'], 'b-2': ['to-come'] });
  });

  test('shows whom a person is needed for', () => {
    const course = { status: 'stopped', hop: 0, inHand: ['a-1'] };
    expect(statesOf(mapOf({ takings: takingsOf(plan, stoppedInFirst), course }))['a-1']).toEqual(['troubled']);
  });

  test('shows a member that is taken twice in both of its waves', () => {
    const twice = { hops: [{ waves: [['x'], ['y'], ['x'], ['y']] }] };
    const moves = (...names: readonly string[]) =>
      takingsOf(
        twice,
        eventsOf(
          ...names.flatMap(
            (name, at) =>
              [
                [at, 'acting', 'replace-member', [name]],
                [at, 'acting', 'stop-surge'],
              ] as const,
          ),
        ),
      );
    const seen = (takings: MapInput['takings'], inHand: readonly string[]) =>
      statesOf(mapOf({ plan: twice, takings, course: { status: 'running', hop: 0, inHand } }));
    expect(seen(moves('x'), ['x'])).toEqual({ x: ['in-hand', 'to-come'], y: ['to-come', 'to-come'] });
    expect(seen(moves('x', 'y'), [])).toEqual({ x: ['once-more', 'to-come'], y: ['once-more', 'to-come'] });
    expect(seen(moves('x', 'y', 'x'), ['x'])).toEqual({ x: ['once-more', 'in-hand'], y: ['once-more', 'to-come'] });
    expect(seen(moves('x', 'y', 'x', 'y'), [])).toEqual({ x: ['once-more', 'lifted'], y: ['once-more', 'lifted'] });
  });

  test('takes what is seen to run the release already as lifted, whoever lifted it', () => {
    const map = mapOf({ course: { status: 'running', hop: 0, inHand: [] }, arrived: new Set(['a-1']) });
    expect(statesOf(map)).toEqual({ 'a-1': ['lifted'], 'b-1': ['to-come'], 'b-2': ['to-come'] });
  });

  test.each([
    ['done', ['lifted', 'lifted', 'lifted'], ['done', 'done']],
    ['cancelled', ['lifted', 'left', 'left'], ['done', 'left']],
    ['returned', ['went-back', 'left', 'left'], ['left', 'left']],
  ])('of an upgrade that is %s is what has become of each', (status, states, waves) => {
    const takings = takingsOf(plan, twoWaves.slice(0, 8));
    const map = mapOf({ takings, course: { status, hop: 0, inHand: [] } });
    expect(Object.values(statesOf(map)).flat()).toEqual(states);
    expect(map.waves.map(({ state }) => state)).toEqual(waves);
  });

  test('counts what is over', () => {
    const course = { status: 'running', hop: 0, inHand: [] };
    expect(progressOf([mapOf({ takings: takingsOf(plan, twoWaves.slice(0, 8)), course })])).toEqual({ over: 1, of: 3 });
  });
});
