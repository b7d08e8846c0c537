import { expect, test } from 'vitest';
import { askedSays, offersOf } from './wishes.ts';

const actions = [
  { action: 'pause', possible: true, reason: null },
  { action: 'resume', possible: false, reason: 'The upgrade is running.' },
  { action: 'cancel', possible: true, reason: null },
  { action: 'roll-back', possible: false, reason: 'The upgrade has not ended.' },
];

test('everything that a person can do is offered, and what cannot be done with the reason of the server', () => {
  const offers = offersOf({ status: 'running', actions });
  expect(offers.map(({ wish, reason }) => [wish, reason])).toEqual([
    ['pause', null],
    ['resume', 'The upgrade is running.'],
    ['cancel', null],
    ['roll-back', 'The upgrade has not ended.'],
  ]);
  expect(offers.filter(({ confirm }) => confirm !== null).map(({ wish }) => wish)).toEqual(['cancel']);
});

test('nothing is offered that the server says nothing of', () => {
  expect(offersOf({ status: 'running', actions: [] }).map(({ reason }) => reason)).toEqual(
    Array.from({ length: 4 }, () => 'The server does not say whether this is possible.'),
  );
});

test('an upgrade at a gate can be let past it', () => {
  const atGate = [...actions, { action: 'continue', possible: true, reason: null }];
  expect(offersOf({ status: 'gated', actions: atGate })[0]).toMatchObject({ wish: 'continue', reason: null });
  expect(offersOf({ status: 'running', actions: atGate }).map(({ wish }) => wish)).not.toContain('continue');
});

test('what was asked for is said until it has come about', () => {
  expect(askedSays({ status: 'running', intent: 'pause' })).toMatch(/^Asked to pause/);
  expect(askedSays({ status: 'running', intent: 'cancel' })).toMatch(/^Asked to cancel/);
  expect(askedSays({ status: 'running', intent: 'go' })).toBe(null);
  expect(askedSays({ status: 'paused', intent: 'pause' })).toBe(null);
});
