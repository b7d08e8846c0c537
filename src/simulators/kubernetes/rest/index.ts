/**
 * The API of a simulated apiserver: what one of them answers to one request, without any transport.
 * It does not know: ports, TLS, how a caller showed who it is.
 */
import type { ApiserverProcess, Moment, World } from '../world/index.ts';
import { handle } from './handle.ts';
import type { ApiRequest, ApiResponse } from './message.ts';

export type { ApiRequest, ApiResponse, WatchEvent } from './message.ts';
export { holderOf } from './service-accounts.ts';

/** The world must have been brought up to `moment` before (`advance`). */
export function answer(world: World, apiserver: ApiserverProcess, request: ApiRequest, moment: Moment): ApiResponse {
  return handle({ world, apiserver, request, moment });
}
