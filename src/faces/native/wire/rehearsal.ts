import { Type } from 'typebox';
import { clusterFaults, memberFaults, planeFaults, planeMemberFaults } from '../../../domain/index.ts';
import { ClusterId, closed, NodegroupName, named, oneOf, orNull, Reason, Release, ref, Says, Target } from './common.ts';
import { ExportedObservation } from './exported-observation.ts';

const wish = {
  to: Target,
  nodegroup: Type.Optional(NodegroupName),
  runs: Type.Integer({ minimum: 1, maximum: 100, default: 10, description: 'Runs without a fault.' }),
  faults: Type.Boolean({ default: true, description: 'After them one run for each fault.' }),
  seed: Type.Integer({ minimum: 0, maximum: 2_147_483_647, default: 1, description: 'The same seed gives the same report.' }),
} as const;

export const NewRehearsal = Type.Object(wish, closed);
export const NewRehearsalOf = Type.Object({ observation: ref(ExportedObservation), ...wish }, closed);

const Spread = Type.Object({ min: Type.Number(), median: Type.Number(), p90: Type.Number(), max: Type.Number() });

const ThinMoment = Type.Object(
  {
    atMs: Type.Number({ description: 'Simulated milliseconds since the run began.' }),
    forMs: Type.Number(),
    started: Type.Integer({ description: 'Started copies of the shard that had the fewest.' }),
    of: Type.Integer({ description: 'How many it should have.' }),
    shards: Type.Integer({ description: 'How many shards had no more than that.' }),
    examples: Type.Array(Type.String({ description: '`index/0`' })),
    away: Type.Array(Type.String(), { description: 'Members that were not in the cluster.' }),
  },
  { description: 'The moment of least redundancy.' },
);

const PlaneLow = Type.Object(
  {
    fewestReady: orNull(
      Type.Object(
        {
          atMs: Type.Number({ description: 'Simulated milliseconds since the run began.' }),
          forMs: Type.Number(),
          ready: Type.Integer(),
          of: Type.Integer(),
          away: Type.Array(Type.String()),
        },
        { description: 'The moment at which the fewest apiservers were ready; null: as many as should be, all the time.' },
      ),
    ),
    withoutApiserverMs: Type.Number({ description: 'How long none was ready, in all.' }),
    etcdAway: Type.Integer({ description: 'Members of etcd that were away at once, at most.' }),
    etcdOf: Type.Integer(),
    withoutQuorumMs: Type.Number(),
    withoutControllerManagerMs: Type.Number({ description: 'How long none led, at the longest.' }),
    withoutSchedulerMs: Type.Number(),
    nodesAway: Type.Integer({ description: 'Nodes that were not ready or cordoned at once, at most.' }),
    nodesOf: Type.Integer(),
  },
  { description: 'What the upgrade took from a control plane at the worst; null for a cluster of Elasticsearch.' },
);

const Waves = Type.Array(Type.Array(Type.String()));
const Status = oneOf(
  ['running', 'paused', 'stopped', 'gated', 'done', 'cancelled', 'returned'],
  '`running`: not ended within a simulated day.',
);

const FaultRun = Type.Object({
  fault: oneOf([...memberFaults, ...planeMemberFaults, 'another-member-lost', ...clusterFaults, ...planeFaults]),
  member: orNull(Type.String({ description: 'The member that it befalls, when it is lifted.' })),
  lost: orNull(Type.String({ description: 'The member that dies while that one is away.' })),
  status: Status,
  reason: orNull(ref(Reason)),
  tookMs: Type.Number(),
  remarks: Type.Array(Says, { description: 'What it went on in spite of.' }),
  thinnest: orNull(ThinMoment),
  plane: orNull(PlaneLow),
  violations: Type.Array(Says),
});

const Found = Type.Object({
  kind: oneOf(['ends-otherwise', 'goes-on-in-spite', 'waits-long', 'other-waves']),
  says: Says,
  remedy: Type.String(),
  runs: Type.Integer({ description: 'In how many of the runs without a fault.' }),
});

export const Rehearsal = named(
  'Rehearsal',
  Type.Object(
    {
      clusterId: orNull(ClusterId),
      from: ref(Release),
      to: ref(Release),
      seed: Type.Integer(),
      estimateSeconds: Type.Number({ description: 'What the plan expects.' }),
      held: Type.Object(
        { hazards: Type.Integer(), policy: Type.Integer(), couldNotRun: Type.Integer() },
        { description: 'What holds a start of the plan as the dry run finds it; it does not hold a rehearsal.' },
      ),
      runs: Type.Integer({ description: 'Runs without a fault.' }),
      done: Type.Integer({ description: 'Of those that ended done.' }),
      made: Type.Integer({ description: 'Runs of all kinds that were made.' }),
      wanted: Type.Integer({ description: 'More than were made where the time was over.' }),
      tookMs: orNull(Spread),
      waveCount: orNull(Spread),
      plannedWaves: Waves,
      waves: Waves,
      thinnest: orNull(ThinMoment),
      plane: orNull(PlaneLow),
      findings: Type.Array(Found, { description: 'What happens without any fault and a dry run cannot see.' }),
      faults: Type.Array(FaultRun, { description: 'One run for each fault.' }),
      violations: Type.Array(Says, { description: 'What must never happen and did, in runs without a fault.' }),
      assumed: Type.Array(Says, { description: 'What was assumed, and what no rehearsal can tell.' }),
    },
    { description: 'How an upgrade went that was made many times on a simulated twin of a cluster.' },
  ),
);
