import { Type } from 'typebox';
import { closed, Instant, KeyId, named, orNull, ref } from './common.ts';
import { Policy } from './policy.ts';

export const SignIn = Type.Object(
  { keyId: KeyId, secret: Type.String({ minLength: 1, maxLength: 1_024, description: 'Of the access key.' }) },
  closed,
);

export const Session = named(
  'Session',
  Type.Object(
    {
      keyId: KeyId,
      account: Type.String(),
      policy: orNull(ref(Policy)),
      expiresAt: orNull({
        ...Instant,
        description: 'When one has to sign in again; null for whoever calls with the key itself.',
      }),
    },
    { description: 'Who calls.' },
  ),
);

export const SignedOutAnswer = Type.Object({ signedOut: Type.Boolean({ description: 'False where there was no session.' }) });
