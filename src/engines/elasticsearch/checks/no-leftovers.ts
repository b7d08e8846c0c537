import type { SeenElasticsearch } from '../../../domain/index.ts';
import { type EsCheck, type Found, foundOrUnknown, hazard, matches, policy } from './check.ts';

const allocation = 'cluster.routing.allocation.enable';
/** What an upgrade or a person that stopped half-way leaves behind. */
const suspects = [
  allocation,
  'cluster.routing.rebalance.enable',
  'cluster.routing.allocation.exclude.*',
  'cluster.persistent_tasks.allocation.enable',
];
const harmless = ['all', ''];

export const noLeftovers: EsCheck = {
  id: 'es.no-leftovers',
  asks: 'Is the cluster free of allocation settings, voting exclusions and shutdown records that somebody may have forgotten?',
  scope: 'first-hop',
  run: ({ seen }) =>
    foundOrUnknown(
      [
        ...settings(seen),
        ...(seen.votingExclusions.known ? seen.votingExclusions.value : []).map((node) =>
          policy(
            `voting exclusion ${node}`,
            `${node} is excluded from voting.`,
            'DELETE /_cluster/voting_config_exclusions?wait_for_removal=false, or accept it.',
          ),
        ),
        ...(seen.shutdownRecords.known ? seen.shutdownRecords.value : []).map((record) =>
          policy(
            `shutdown record ${record}`,
            `Node ${record} is registered as shutting down.`,
            'DELETE /_nodes/<node id>/shutdown, or accept it.',
          ),
        ),
      ],
      [seen.votingExclusions, seen.shutdownRecords],
    ),
};

/** Where replicas may not be made, those of the first wave are not made again: the second could never be taken. */
function settings(seen: SeenElasticsearch): readonly Found[] {
  const effective = seen.transientSettings[allocation] === undefined ? 'persistent' : 'transient';
  return (['persistent', 'transient'] as const).flatMap((level) =>
    Object.entries(level === 'persistent' ? seen.persistentSettings : seen.transientSettings)
      .filter(([name, value]) => suspects.some((pattern) => matches(pattern, name)) && !harmless.includes(value))
      .map(([name, value]) =>
        name === allocation && level === effective
          ? hazard(
              `setting ${name}`,
              `The ${level} setting ${name} is ${value}: replicas of a node that comes back would not be made again.`,
              `PUT /_cluster/settings with the ${level} setting null.`,
            )
          : policy(
              `setting ${name}`,
              `The ${level} setting ${name} is ${value}.`,
              'Remove it, or accept it: it is put back as it is.',
            ),
      ),
  );
}
