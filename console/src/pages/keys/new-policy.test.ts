import { expect, test } from 'vitest';
import { policyOf, policySamples } from './new-policy.ts';

test('a key that may do everything has no policy', () => {
  expect(policyOf('everything', '')).toEqual({ kind: 'policy', policy: null });
});

test('what is written is sent as it is, and what is no policy is said', () => {
  expect(policyOf('policy', '{"Statement":[]}')).toEqual({ kind: 'policy', policy: { Statement: [] } });
  expect(policyOf('policy', policySamples.look)).toEqual(policyOf('look', ''));
  expect(policyOf('policy', '[]')).toEqual({ kind: 'wrong', says: 'A policy is an object with a Statement.' });
  expect(policyOf('policy', '{')).toMatchObject({ kind: 'wrong', says: expect.stringMatching(/^It is no JSON: /) });
});
