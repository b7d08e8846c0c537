/**
 * Who is calling: signatures of the clients of Alibaba Cloud and of AWS, checked over what stood on the wire, tokens of
 * `aws eks get-token`, HTTP Basic, and sessions of those who signed in.
 * It does not know: what a request is for, where keys are kept.
 */
export { type Acs3Authorization, parseAcs3, verifyAcs3 } from './acs3.ts';
export { type AuthenticatorParts, createAliyunAuthenticator } from './aliyun-authenticator.ts';
export { type AwsAuthenticator, type AwsAuthenticatorParts, createAwsAuthenticator } from './aws-authenticator.ts';
export { createBasicAuthenticator } from './basic.ts';
export { parseRoaV1, type RoaAuthorization, verifyRoaV1 } from './roa-v1.ts';
export { createSessions, type OpenedSession, type SessionParts, type Sessions, sessionLifetimeMs } from './sessions.ts';
export type { SignatureVerdict } from './signed-request.ts';
