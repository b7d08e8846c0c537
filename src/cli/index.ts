/**
 * cli: the command line, one file per command (`<noun>/<verb>.ts`). A client of the native HTTP API.
 * It does not know: any rule of an upgrade. What holds one, and what clears it, are the server's words.
 */
export { type ExitCode, exitCodes } from './exit-codes.ts';
export { main } from './main.ts';
export type { Shell, Sink } from './shell.ts';
