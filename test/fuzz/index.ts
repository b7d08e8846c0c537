/**
 * Malformed traffic: requests to every public API of a running server, generated from the models of the official clients,
 * nearly all of them validly signed, with one thing wrong in each; beside them broken signatures and bytes that are no HTTP.
 * No answer may be a 5xx, none may be missing, the server must neither grow nor end, and it lifts a cluster afterwards.
 *
 * Everything is drawn from one seed, request by request: number N of a face is the same whatever was sent before it.
 * It does not know: the rules of any API. What is right to answer stands in the faces' own tests.
 */
export { openFuzzWorld } from './fuzz-world.ts';
export { fuzzSession } from './session.ts';
