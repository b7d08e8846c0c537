import { type EsCheck, ofKnown, passedUnless, policy } from './check.ts';

/** Open jobs move from node to node by themselves, at extra load; in upgrade mode they rest. */
export const mlIsInUpgradeMode: EsCheck = {
  id: 'es.ml-is-in-upgrade-mode',
  asks: 'Do machine learning jobs rest while nodes leave?',
  scope: 'first-hop',
  run: ({ seen }) =>
    ofKnown(seen.mlEnabled, (enabled) => {
      if (!enabled) return { kind: 'not-applicable', because: 'machine learning is switched off' };
      if (seen.mlUpgradeMode.known && seen.mlUpgradeMode.value) return { kind: 'passed' };
      return ofKnown(seen.mlOpenJobs, (jobs) =>
        passedUnless(
          jobs.length === 0
            ? []
            : [
                policy(
                  'machine learning',
                  `${jobs.length} jobs are open and would move with every wave.`,
                  'POST /_ml/set_upgrade_mode?enabled=true (or close them), and enabled=false after the upgrade.',
                  jobs,
                ),
              ],
        ),
      );
    }),
};
