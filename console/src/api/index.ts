/**
 * The console's view of the server: requests, the session, what is read and how it is kept fresh.
 * It does not know: pages, how anything looks.
 */
export { ApiFailure, addressOf, api } from './client.ts';
export { followEvents, type StreamState } from './event-stream.ts';
export { LiveState, useChanges, useLiveState } from './live.ts';
export * from './queries.ts';
export { createQueryClient } from './query-client.ts';
export { forgetSession, sessionQuery, signIn, signOut } from './session.ts';
export type * from './types.ts';
