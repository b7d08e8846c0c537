import { Type } from 'typebox';
import { closed, Instant, KeyId, named, oneOf, ref } from './common.ts';

const members = {
  id: KeyId,
  account: Type.String(),
  description: Type.String(),
  status: oneOf(['active', 'revoked']),
  createdAt: Instant,
};

export const Key = named('Key', Type.Object(members, { description: 'An access key, without its secret.' }));
export const KeyList = Type.Object({ keys: Type.Array(ref(Key)) });
export const NewKey = Type.Object({ description: Type.Optional(Type.String({ maxLength: 1_024 })) }, closed);
export const NewKeyAnswer = Type.Object({
  key: Type.Object({ ...members, secret: Type.String({ description: 'Shown in this answer and never again.' }) }),
});
export const RevokedAnswer = Type.Object({ revoked: Type.Literal(true) });
