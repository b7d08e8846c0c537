import { Type } from 'typebox';
import { closed, named, oneOf } from './common.ts';

const atMost = 64;

function oneOrSome(pattern: string, description: string) {
  const text = Type.String({ pattern, minLength: 1, maxLength: 256 });
  return Type.Union([text, Type.Array(text, { minItems: 1, maxItems: atMost })], { description });
}

/**
 * What would not be looked at (Condition, NotAction, Principal, variables) is refused, not lost: a policy never means more
 * than it seems to.
 */
const Statement = Type.Object(
  {
    Sid: Type.Optional(Type.String({ maxLength: 128 })),
    Effect: oneOf(['Allow', 'Deny']),
    Action: oneOrSome(
      '^(\\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$',
      '`eks:UpdateClusterVersion`, `elasticsearch:Describe*`, `clusterlift:StartUpgrade`, `*`; in any letter case.',
    ),
    Resource: oneOrSome(
      '^((arn|acs):[^$\\u0000-\\u001f]+|[^:$\\u0000-\\u001f]+)$',
      'A whole name (`arn:aws:eks:*:*:cluster/prod-*`), or its end alone (`cluster/prod-*`, `instances/es-cn-1`, `key/ID`), or `*`.',
    ),
  },
  closed,
);

const members = {
  Version: Type.Optional(oneOf(['2012-10-17', '2008-10-17', '1'])),
  Id: Type.Optional(Type.String({ maxLength: 128 })),
  Statement: Type.Union([Statement, Type.Array(Statement, { maxItems: atMost })]),
};
const description =
  'What a key may do, in the spelling of IAM: what no statement allows is denied, and Deny goes before Allow. `*` is any ' +
  'text and `?` any character.';

/** In a body: a reference could not be followed there. */
export const NewPolicy = Type.Object(members, { ...closed, description });
export const Policy = named('Policy', Type.Object(members, { ...closed, description }));
