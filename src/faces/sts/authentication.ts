import type { AwsRefusal } from '../../domain/index.ts';
import { fail, type QueryError } from './errors.ts';

/** Why nobody is calling, in the codes of the query protocol. */
export function authenticationError(refused: AwsRefusal): QueryError {
  switch (refused.because) {
    case 'missing':
      return fail('MissingAuthenticationToken');
    case 'unknown-key':
    case 'revoked-key':
    case 'unknown-token':
      return fail('InvalidClientTokenId');
    case 'incomplete':
      return fail('IncompleteSignature', refused.says);
    case 'wrong-scope':
      return fail('SignatureDoesNotMatch', refused.says);
    case 'payload-mismatch':
    case 'mismatch':
      return fail('SignatureDoesNotMatch');
    case 'expired':
    case 'not-yet-current':
      return fail('SignatureDoesNotMatch', lateSentence(refused));
  }
}

function lateSentence(refused: Extract<AwsRefusal, { because: 'expired' | 'not-yet-current' }>): string {
  const { because, signedAt, limit, now, windowMs } = refused;
  const minutes = `${Math.ceil(windowMs / 60_000)} min.`;
  return because === 'expired'
    ? `Signature expired: ${signedAt} is now earlier than ${limit} (${now} - ${minutes})`
    : `Signature not yet current: ${signedAt} is still later than ${limit} (${now} + ${minutes})`;
}
