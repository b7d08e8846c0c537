/**
 * The simulator as a process of its own: started by a server that simulates, outliving it as members do.
 * It does not know: what it simulates, the database, faces.
 */
export { runSimulator } from './run.ts';
export { type SupervisedSimulator, simulatorWord, superviseSimulator } from './supervise.ts';
