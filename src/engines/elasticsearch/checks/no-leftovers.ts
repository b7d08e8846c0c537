import { type EsCheck, matches, passedUnless, policy } from './check.ts';

/** What an upgrade or a person that stopped half-way leaves behind. */
const suspects = [
  'cluster.routing.allocation.enable',
  'cluster.routing.rebalance.enable',
  'cluster.routing.allocation.exclude.*',
];
const harmless = ['all', ''];

export const noLeftovers: EsCheck = {
  id: 'es.no-leftovers',
  asks: 'Is the cluster free of allocation settings that somebody may have forgotten?',
  scope: 'first-hop',
  run: ({ seen }) =>
    passedUnless(
      (['persistent', 'transient'] as const).flatMap((level) =>
        Object.entries(level === 'persistent' ? seen.persistentSettings : seen.transientSettings)
          .filter(([name, value]) => suspects.some((pattern) => matches(pattern, name)) && !harmless.includes(value))
          .map(([name, value]) =>
            policy(
              `setting ${name}`,
              `The ${level} setting ${name} is ${value}.`,
              'Remove it, or accept it: it is put back as it is.',
            ),
          ),
      ),
    ),
};
