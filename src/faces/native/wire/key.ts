import { Type } from 'typebox';
import { closed, Instant, KeyId, named, oneOf, orNull, ref } from './common.ts';
import { NewPolicy, Policy } from './policy.ts';

const members = {
  id: KeyId,
  account: Type.String(),
  description: Type.String(),
  status: oneOf(['active', 'revoked']),
  policy: orNull(ref(Policy)),
  createdAt: Instant,
};

export const Key = named('Key', Type.Object(members, { description: 'An access key, without its secret.' }));
export const KeyList = Type.Object({ keys: Type.Array(ref(Key)) });
export const NewKey = Type.Object(
  {
    description: Type.Optional(Type.String({ maxLength: 1_024 })),
    policy: Type.Optional(
      Type.Union([NewPolicy, Type.Null()], {
        description: 'What the key may do. Without one it has the policy of the key that calls; null there is everything.',
      }),
    ),
  },
  closed,
);
export const NewKeyAnswer = Type.Object({
  key: Type.Object({ ...members, secret: Type.String({ description: 'Shown in this answer and never again.' }) }),
});
export const RevokedAnswer = Type.Object({ revoked: Type.Literal(true) });
