/**
 * Who is calling: signatures of Alibaba Cloud's clients, checked over what stood on the wire, and HTTP Basic.
 * It does not know: what a request is for, where keys are kept.
 */
export { type Acs3Authorization, parseAcs3, verifyAcs3 } from './acs3.ts';
export { type AuthenticatorParts, createAliyunAuthenticator } from './aliyun-authenticator.ts';
export { createBasicAuthenticator } from './basic.ts';
export { parseRoaV1, type RoaAuthorization, verifyRoaV1 } from './roa-v1.ts';
export type { SignatureVerdict } from './signed-request.ts';
