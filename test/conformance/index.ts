/**
 * One suite for the fake and the real thing: situations that the engines depend on, written once, brought about by ordinary
 * means on a real cluster and on a simulated one. What the real one answered is recorded beside them, and both are held to it.
 * It does not know: how engines decide, what Clusterlift's own API answers.
 */
export * from './answers.ts';
export * from './recorded.ts';
