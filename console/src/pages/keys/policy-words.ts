/** A policy of a key in sentences, for people who do not read its JSON. */

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

export interface Policy {
  readonly Statement: Statement | readonly Statement[];
}

export interface PolicySentence {
  readonly effect: 'allows' | 'denies';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

export function sentencesOf(policy: Policy): readonly PolicySentence[] {
  return listOf(policy.Statement).map(({ Effect, Action, Resource }) => ({
    effect: Effect === 'Deny' ? 'denies' : 'allows',
    actions: listOf(Action),
    resources: listOf(Resource),
  }));
}

/** One line for a table: what the key may do, in the words of its policy. */
export function inShort(policy: Policy | null): string {
  if (policy === null) return 'everything';
  const sentences = sentencesOf(policy);
  const allowed = sentences.filter(({ effect }) => effect === 'allows').flatMap(({ actions }) => actions);
  const denies = sentences.some(({ effect }) => effect === 'denies');
  if (allowed.length === 0) return 'nothing';
  const [first, second, ...more] = allowed;
  const shown = second === undefined ? `${first}` : `${first}, ${second}${more.length > 0 ? ` and ${more.length} more` : ''}`;
  return `${shown === '*' ? 'everything' : shown}${denies ? ', with exceptions' : ''}`;
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
