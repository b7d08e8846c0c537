import type { AwsRefusal, Caller, PolicyVerdict } from '../../domain/index.ts';
import { callerArn } from './arn.ts';
import { type ApiError, fail } from './errors.ts';

const unknownKey = 'The security token included in the request is invalid.';
const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/** Why nobody is calling, in the gateway's words. */
export function authenticationError(refused: AwsRefusal): ApiError {
  switch (refused.because) {
    case 'missing':
      return missingToken();
    case 'unknown-key':
    case 'revoked-key':
    case 'unknown-token':
      return fail('UnrecognizedClientException', unknownKey);
    case 'incomplete':
      return fail('IncompleteSignatureException', refused.says);
    case 'wrong-scope':
      return fail('InvalidSignatureException', refused.says);
    case 'payload-mismatch':
    case 'mismatch':
      return fail('InvalidSignatureException', mismatch);
    case 'expired':
      return fail('InvalidSignatureException', `Signature expired: ${refused.signedAt} is now earlier than ${edge(refused)}`);
    case 'not-yet-current':
      return fail(
        'InvalidSignatureException',
        `Signature not yet current: ${refused.signedAt} is still later than ${edge(refused)}`,
      );
  }
}

type Beside = Extract<AwsRefusal, { because: 'expired' | 'not-yet-current' }>;

/** `20191210T033904Z (20191210T034404Z - 5 min.)`: clients read their skew from it. */
function edge({ because, limit, now, windowMs }: Beside): string {
  const sign = because === 'expired' ? '-' : '+';
  return `${limit} (${now} ${sign} ${Math.round(windowMs / 60_000)} min.)`;
}

/** Also what the gateway says of a path that it does not have. */
export function missingToken(): ApiError {
  return fail('MissingAuthenticationTokenException', 'Missing Authentication Token');
}

/** IAM's sentence. */
export function denied(caller: Caller, action: string, resource: string, verdicts: readonly PolicyVerdict[]): ApiError {
  const forbidden = verdicts.includes('explicit-deny') ? ' with an explicit deny in an identity-based policy' : '';
  return fail(
    'AccessDeniedException',
    `User: ${callerArn(caller)} is not authorized to perform: ${action} on resource: ${resource}${forbidden}`,
  );
}
