import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allows, judgeByPolicy, type PolicyDocument, type PolicyStatement } from './access-policy.ts';

const cluster = 'arn:aws:eks:eu-central-1:100000000000:cluster/prod-1';

function policy(...statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

function allow(Action: PolicyStatement['Action'], Resource: PolicyStatement['Resource'] = '*'): PolicyStatement {
  return { Effect: 'Allow', Action, Resource };
}

function deny(Action: PolicyStatement['Action'], Resource: PolicyStatement['Resource'] = '*'): PolicyStatement {
  return { Effect: 'Deny', Action, Resource };
}

describe('a policy', () => {
  it('allows what a statement allows, and nothing else', () => {
    const document = policy(allow(['eks:Describe*', 'eks:UpdateClusterVersion'], 'cluster/prod-*'));
    expect(allows(document, 'eks:UpdateClusterVersion', cluster)).toBe(true);
    expect(allows(document, 'eks:DescribeUpdate', cluster)).toBe(true);
    expect(allows(document, 'eks:DeleteCluster', cluster)).toBe(false);
    expect(allows(document, 'eks:UpdateClusterVersion', cluster.replace('prod-1', 'test-1'))).toBe(false);
    expect(allows(document, 'clusterlift:UpdateClusterVersion', cluster)).toBe(false);
    expect(allows(document, 'eks:DescribeClusterVersions', '*')).toBe(false);
  });

  it('without a statement allows nothing, and none at all everything', () => {
    expect(judgeByPolicy(policy(), 'eks:ListClusters', '*')).toBe('implicit-deny');
    expect(judgeByPolicy(null, 'eks:ListClusters', '*')).toBe('allowed');
  });

  it('may have one statement that stands alone', () => {
    expect(allows({ Statement: allow('eks:ListClusters') }, 'eks:ListClusters', '*')).toBe(true);
  });

  it('forbids what a statement forbids, wherever it stands', () => {
    const forbidden = deny('eks:Delete*', 'cluster/prod-*');
    for (const document of [policy(allow('*'), forbidden), policy(forbidden, allow('*'))]) {
      expect(judgeByPolicy(document, 'eks:DeleteCluster', cluster)).toBe('explicit-deny');
      expect(judgeByPolicy(document, 'eks:DeleteCluster', cluster.replace('prod', 'test'))).toBe('allowed');
    }
  });

  it.each([
    ['eks:updateclusterversion', true],
    ['EKS:UpdateCluster*', true],
    ['eks:UpdateClusterVersio?', true],
    ['eks:UpdateClusterVersion?', false],
    ['eks:UpdateCluster', false],
    ['*:UpdateClusterVersion', true],
    ['*', true],
    ['', false],
  ])('names actions in any letter case, with wildcards: %j', (pattern, expected) => {
    expect(allows(policy(allow(pattern)), 'eks:UpdateClusterVersion', cluster)).toBe(expected);
  });

  it.each([
    ['*', true],
    ['cluster/prod-1', true],
    ['cluster/*', true],
    ['c*r/prod-?', true],
    ['arn:aws:eks:*:*:cluster/prod-*', true],
    ['arn:aws:eks:eu-central-1:100000000000:cluster/prod-1', true],
    ['arn:aws:eks:us-east-1:*:cluster/prod-*', false],
    ['arn:*', true],
    ['prod-1', false],
    ['cluster/PROD-1', false],
    ['cluster/prod-', false],
    ['nodegroup/*', false],
    ['100000000000:cluster/prod-1', false],
    ['acs:*', false],
  ])('names resources in full or by their end, in their own letter case: %j', (pattern, expected) => {
    expect(allows(policy(allow('*', pattern)), 'eks:DescribeCluster', cluster)).toBe(expected);
  });

  it('knows the names of other APIs', () => {
    const group = 'arn:aws:eks:eu-central-1:100000000000:nodegroup/prod-1/workers/6ac5e7a1-0000';
    expect(allows(policy(allow('*', 'nodegroup/prod-1/workers/*')), 'eks:DescribeNodegroup', group)).toBe(true);
    const instance = 'acs:elasticsearch:cn-hangzhou:100000000000:instances/es-cn-1';
    expect(allows(policy(allow('*', 'instances/es-cn-1')), 'elasticsearch:DescribeInstance', instance)).toBe(true);
    expect(allows(policy(allow('*', 'acs:elasticsearch:*:*:instances/*')), 'elasticsearch:DescribeInstance', instance)).toBe(
      true,
    );
    expect(allows(policy(allow('*', 'cluster/a:*')), 'clusterlift:GetCluster', 'cluster/a:b:c')).toBe(true);
  });

  it('takes what is not a resource of its own only from who has all of them', () => {
    expect(allows(policy(allow('eks:ListClusters', '*')), 'eks:ListClusters', '*')).toBe(true);
    expect(allows(policy(allow('eks:ListClusters', 'cluster/*')), 'eks:ListClusters', '*')).toBe(false);
  });

  it('is judged in no time, however many stars it has', () => {
    const stars = `${'*a'.repeat(128)}b`;
    const begun = performance.now();
    expect(allows(policy(allow('*', stars)), 'eks:DescribeCluster', 'a'.repeat(2_000))).toBe(false);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '\n', '*', '?'), maxLength: 8 });
const statement: fc.Arbitrary<PolicyStatement> = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.oneof(letters, fc.array(letters, { maxLength: 3 })),
  Resource: fc.oneof(letters, fc.array(letters, { maxLength: 3 })),
});
const statements = fc.array(statement, { maxLength: 4 });

/** The same, said slowly. */
function fitsSlowly(pattern: string, text: string): boolean {
  const written = pattern
    .replaceAll(/[\\^$.|+()[\]{}/]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${written}$`, 's').test(text);
}

describe('every policy', () => {
  it('has stars and question marks that mean what they do elsewhere', () => {
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        expect(allows(policy(allow('*', pattern)), 'a', text)).toBe(fitsSlowly(pattern, text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('allows no more with one more statement that forbids, and no less with one that allows', () => {
    fc.assert(
      fc.property(statements, statement, letters, letters, (given, more, action, resource) => {
        const before = judgeByPolicy(policy(...given), action, resource);
        const after = judgeByPolicy(policy(...given, more), action, resource);
        if (more.Effect === 'Deny' && before !== 'allowed') expect(after).not.toBe('allowed');
        if (more.Effect === 'Allow' && before !== 'implicit-deny') expect(after).toBe(before);
      }),
    );
  });

  it('says the same in any order', () => {
    fc.assert(
      fc.property(statements, letters, letters, (given, action, resource) => {
        const verdict = judgeByPolicy(policy(...given), action, resource);
        expect(judgeByPolicy(policy(...given.toReversed()), action, resource)).toBe(verdict);
      }),
    );
  });
});
