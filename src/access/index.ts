/**
 * Who is calling: signatures of Alibaba Cloud's clients, checked over what stood on the wire.
 * It does not know: what a request is for, where keys are kept.
 */
export { type Acs3Authorization, parseAcs3, verifyAcs3 } from './acs3.ts';
export { parseRoaV1, type RoaAuthorization, verifyRoaV1 } from './roa-v1.ts';
export type { SignatureVerdict, SignedRequest } from './signed-request.ts';
