import { ok } from '../call.ts';
import { notFound } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import { observationWire } from '../translate/observation.ts';
import { trialWire } from '../translate/plan.ts';
import { Observation, ref, TrialList } from '../wire/index.ts';
import { clusterParams, withView } from './clusters.ts';

const observeCluster = operation({
  id: 'observeCluster',
  tag: 'clusters',
  method: 'GET',
  path: '/clusters/:clusterId/observation',
  summary: 'One fresh look at a cluster and its hosts',
  description: 'A cluster that does not answer is an answer, too: `reachable` is false and `because` says why.',
  params: clusterParams,
  answers: { 200: { description: 'What is seen now, and what could not be found out.', schema: ref(Observation) } },
  run: async (parts, { caller, params }) =>
    withView(parts, caller, params.clusterId, async ({ cluster }) => {
      const observation = await parts.control.observeCluster(caller, cluster.id);
      return observation === undefined ? notFound('cluster', cluster.id) : ok(observationWire(cluster, observation));
    }),
});

const listTrials = operation({
  id: 'listTrials',
  tag: 'clusters',
  method: 'GET',
  path: '/clusters/:clusterId/trials',
  summary: 'Trial starts of a cluster’s members at their next releases',
  params: clusterParams,
  answers: { 200: { description: 'One for each member and release.', schema: TrialList } },
  run: async (parts, { caller, params }) =>
    withView(parts, caller, params.clusterId, async ({ cluster }) =>
      ok({ trials: (await parts.control.trials(caller, cluster.id)).map(trialWire) }),
    ),
});

export const lookingOperations: readonly Operation[] = [observeCluster, listTrials];
