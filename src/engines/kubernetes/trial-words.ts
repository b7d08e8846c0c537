import type { TrialWords } from '../../domain/index.ts';

/** How checks and the loop speak of trial starts. */
export const trialWords: TrialWords = { engine: 'k8s', check: 'k8s.trial-passed', member: 'member', refused: 'flags' };
