/**
 * A rehearsal as a process of its own: it takes all that a processor has, and the server must answer meanwhile. It gets
 * what it needs in one message and knows no secret, no address and no database.
 */

export { runRehearsal } from './run.ts';
export { rehearsalWord, spawnRehearsal } from './spawn.ts';
