import type { Authentication } from '../../domain/index.ts';
import { type ApiError, fail } from './errors.ts';

const codes = {
  missing: 'MissingAccessKeyId',
  'unknown-scheme': 'InvalidSignatureMethod',
  'unknown-key': 'InvalidAccessKeyId.NotFound',
  'revoked-key': 'InvalidAccessKeyId.Inactive',
  'time-format': 'InvalidTimeStamp.Format',
  'time-expired': 'InvalidTimeStamp.Expired',
  'nonce-used': 'SignatureNonceUsed',
} as const;

/**
 * Why nobody is calling, in the gateway's codes. Clients look for the words before the string to sign: when it equals
 * their own, they say that the secret is wrong.
 */
export function authenticationError(refused: Extract<Authentication, { kind: 'refused' }>): ApiError {
  if (refused.because === 'mismatch') return fail('SignatureDoesNotMatch', `server string to sign is:${refused.stringToSign}`);
  if (refused.because === 'incomplete') return fail('IncompleteSignature', `${refused.says}.`);
  return fail(codes[refused.because]);
}
