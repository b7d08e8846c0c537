import { type EsCheck, ofKnown, passedUnless, policy } from './check.ts';

/** Stopped and forgotten it lets indices grow until a disk is full, in the middle of an upgrade as at any time. */
export const ilmRuns: EsCheck = {
  id: 'es.ilm-runs',
  asks: 'Does index lifecycle management run, where there is one?',
  scope: 'first-hop',
  run: ({ seen }) =>
    ofKnown(seen.ilmMode, (mode) =>
      passedUnless(
        mode === 'RUNNING'
          ? []
          : [
              policy(
                'index lifecycle management',
                `It is ${mode.toLowerCase()}: indices are neither rolled over nor deleted.`,
                'POST /_ilm/start, or accept it.',
              ),
            ],
      ),
    ),
};
