import { expect, test } from 'vitest';
import { inShort, sentencesOf } from './policy-words.ts';

const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
});

test('a policy is told statement by statement', () => {
  const policy = {
    Statement: [allow(['eks:Describe*', 'eks:List*']), { Effect: 'Deny', Action: '*', Resource: ['cluster/prod-*'] }],
  };
  expect(sentencesOf(policy)).toEqual([
    { effect: 'allows', actions: ['eks:Describe*', 'eks:List*'], resources: ['*'] },
    { effect: 'denies', actions: ['*'], resources: ['cluster/prod-*'] },
  ]);
});

test.each([
  [null, 'everything'],
  [{ Statement: allow('*') }, 'everything'],
  [{ Statement: allow(['a:One', 'a:Two']) }, 'a:One, a:Two'],
  [{ Statement: [allow(['a:One', 'a:Two', 'a:Three']), allow('b:Four')] }, 'a:One, a:Two and 2 more'],
  [{ Statement: [allow('*'), { Effect: 'Deny', Action: 'a:One', Resource: '*' }] }, 'everything, with exceptions'],
  [{ Statement: { Effect: 'Deny', Action: '*', Resource: '*' } }, 'nothing'],
])('in short %j is %s', (policy, says) => {
  expect(inShort(policy)).toBe(says);
});
