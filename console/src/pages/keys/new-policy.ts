/** What a new key may do, as it is sent: a policy, or null for everything. */

export type May = 'look' | 'everything' | 'policy';

const looking = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: [
        'clusterlift:Get*',
        'clusterlift:List*',
        'clusterlift:Observe*',
        'clusterlift:Watch*',
        'eks:Describe*',
        'eks:List*',
        'elasticsearch:Describe*',
        'elasticsearch:List*',
      ],
      Resource: '*',
    },
  ],
};

export const policySamples = { look: JSON.stringify(looking, null, 2) } as const;

export type NewPolicy = { readonly kind: 'policy'; readonly policy: unknown } | { readonly kind: 'wrong'; readonly says: string };

/** The server says what is wrong with a policy; here it has to be JSON at all. */
export function policyOf(may: May, written: string): NewPolicy {
  if (may === 'everything') return { kind: 'policy', policy: null };
  if (may === 'look') return { kind: 'policy', policy: looking };
  try {
    const policy: unknown = JSON.parse(written);
    const isObject = typeof policy === 'object' && policy !== null && !Array.isArray(policy);
    return isObject ? { kind: 'policy', policy } : { kind: 'wrong', says: 'A policy is an object with a Statement.' };
  } catch (error) {
    return { kind: 'wrong', says: `It is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
