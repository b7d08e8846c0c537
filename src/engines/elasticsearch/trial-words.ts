import type { TrialWords } from '../../domain/index.ts';

/** How checks and the loop speak of trial starts. */
export const trialWords: TrialWords = {
  engine: 'es',
  check: 'es.trial-start-passed',
  member: 'node',
  refused: 'settings',
};
