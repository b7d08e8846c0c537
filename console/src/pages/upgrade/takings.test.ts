import { describe, expect, test } from 'vitest';
import { takingsOf } from './takings.ts';
import { eventsOf, instant, stoppedInFirst, twoWaves } from './testing-events.ts';

const onePlan = { hops: [{ waves: [['a-1'], ['b-1', 'b-2']] }] };

describe('what was taken', () => {
  test('is read from the moves that take members, each until the loop goes on and until the next one', () => {
    expect(takingsOf(onePlan, twoWaves)).toEqual([
      { hop: 0, members: ['a-1'], beganAt: instant(3), backAt: instant(9), settledAt: instant(13), tries: 1 },
      { hop: 0, members: ['b-1', 'b-2'], beganAt: instant(13), backAt: instant(20), settledAt: instant(24), tries: 1 },
    ]);
  });

  test('is away until something else is done, and starting it once more is nothing else', () => {
    const [first] = takingsOf(onePlan, stoppedInFirst.slice(0, 6));
    expect(first).toMatchObject({ members: ['a-1'], backAt: null, settledAt: null });
  });

  test('has settled for now where the upgrade has come to rest', () => {
    expect(takingsOf(onePlan, [...twoWaves.slice(0, 8), ...eventsOf([11, 'paused'])])[0]).toMatchObject({
      backAt: instant(9),
      settledAt: instant(11),
    });
  });

  test('is not back where the upgrade stops for it, and goes on being away when it is started again', () => {
    expect(takingsOf(onePlan, stoppedInFirst)).toMatchObject([{ backAt: null, settledAt: instant(12) }]);
    const resumed = [...stoppedInFirst, ...eventsOf([30, 'resumed'], [31, 'acting', 'start-member', ['a-1']])];
    expect(takingsOf(onePlan, resumed)).toMatchObject([{ beganAt: instant(3), backAt: null, settledAt: null }]);
    const back = [...resumed, ...eventsOf([35, 'acting', 'thaw'])];
    expect(takingsOf(onePlan, back)).toMatchObject([{ backAt: instant(35), settledAt: null }]);
  });

  test('counts another try, and not another wave, where the same member is taken before it was back', () => {
    const events = eventsOf(
      [1, 'acting', 'lift-member', ['a-1']],
      [2, 'failed', 'lift-member', ['a-1']],
      [3, 'acting', 'lift-member', ['a-1']],
    );
    expect(takingsOf(onePlan, events)).toEqual([
      { hop: 0, members: ['a-1'], beganAt: instant(1), backAt: null, settledAt: null, tries: 2 },
    ]);
  });

  test('belongs to the next hop once everybody was taken as often as the plan has it', () => {
    const plan = { hops: [{ waves: [['x'], ['y'], ['x'], ['y']] }, { waves: [['x'], ['y']] }] };
    const names = ['x', 'y', 'x', 'y', 'x', 'y'];
    const events = eventsOf(
      ...names.flatMap(
        (name, at) =>
          [
            [at * 2, 'acting', 'replace-member', [name]],
            [at * 2 + 1, 'acting', 'thaw'],
          ] as const,
      ),
    );
    expect(takingsOf(plan, events).map(({ hop, members }) => [hop, ...members])).toEqual([
      [0, 'x'],
      [0, 'y'],
      [0, 'x'],
      [0, 'y'],
      [1, 'x'],
      [1, 'y'],
    ]);
  });

  test('does without a plan that was forgotten', () => {
    expect(takingsOf(null, twoWaves).map(({ hop }) => hop)).toEqual([0, 0]);
  });
});
