import { trialsPassed } from '../../../domain/index.ts';
import { trialWords } from '../trial-words.ts';
import type { EsCheck } from './check.ts';

export const trialStartPassed: EsCheck = {
  id: trialWords.check,
  asks: 'Did the target start with each member’s own settings on scratch data?',
  scope: 'every-hop',
  run: ({ cluster, trials, hop }) => {
    const names = cluster.spec.nodes.map(({ name }) => name);
    return trialsPassed(trialWords, names, hop.to, trials);
  },
};
