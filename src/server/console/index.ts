/**
 * console: gives out the web console as it was built, `/console`.
 * It does not know: what its pages show, who signs in; they ask the native API themselves.
 */
export { consoleFolder, consolePrefix, serveConsole } from './serve.ts';
