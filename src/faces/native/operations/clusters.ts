import { Type } from 'typebox';
import type { ClusterView } from '../../../control/index.ts';
import { type ClusterSpec, type KubernetesSpec, simulatedTag, simulatedTagFixed } from '../../../domain/index.ts';
import { type Answer, type Call, created, type FaceParts, ok } from '../call.ts';
import { fail, notFound } from '../errors.ts';
import { type Operation, operation } from '../operation.ts';
import { clusterWire } from '../translate/cluster.ts';
import { newClusterOf } from '../translate/new-cluster.ts';
import { activationOf, newKubernetesOf } from '../translate/new-kubernetes.ts';
import { unfinished } from '../translate/refusal.ts';
import {
  Cluster,
  ClusterChange,
  ClusterId,
  ClusterList,
  NewCluster,
  NewClusterAnswer,
  RemovedAnswer,
  RestoredAnswer,
  ref,
} from '../wire/index.ts';

export const clusterParams = Type.Object({ clusterId: ClusterId });
const graceMaxMs = 30 * 24 * 60 * 60_000;

const listClusters = operation({
  id: 'listClusters',
  tag: 'clusters',
  method: 'GET',
  path: '/clusters',
  summary: 'The clusters of your account',
  answers: { 200: { description: 'The clusters.', schema: ClusterList } },
  run: async ({ control }, { caller }) => ok({ clusters: (await control.clusterViews(caller)).map(clusterWire) }),
});

const addCluster = operation({
  id: 'addCluster',
  tag: 'clusters',
  method: 'POST',
  path: '/clusters',
  summary: 'Register a cluster that exists, or create one',
  description:
    'A registered cluster is looked at once, its processes are taken under our care, and nothing of it is changed. A created ' +
    'one is answered at once and made behind. With an activation code a registered cluster of Kubernetes takes the place that ' +
    'is awaited with it. A registered cluster of Kubernetes is looked at, checked and planned for; its members are started by ' +
    'its owner alone.',
  body: NewCluster,
  answers: { 201: { description: 'The cluster.', schema: NewClusterAnswer } },
  errors: ['name-taken', 'refused'],
  concerns: ({ body }) => ({ kind: 'new-cluster', name: body.name }),
  run: async (parts, { caller, body }) => {
    const read = body.engine === 'kubernetes' ? newKubernetesOf(body, parts) : newClusterOf(body, parts.defaultRegion);
    if (read.kind === 'error') return read;
    const { cluster } = read;
    const result =
      body.origin === 'created'
        ? await parts.control.createCluster(caller, cluster)
        : await parts.control.registerCluster(caller, { ...cluster, ...activationOf(body) });
    switch (result.kind) {
      case 'name-taken':
        return fail('name-taken', 'Another cluster of this account has that name, in the same region and of the same engine.');
      case 'refused':
        return fail('refused', result.because.join(' '), { details: { because: result.because } });
      case 'creating':
        return added(parts, caller, result.cluster.id, []);
      case 'registered':
        return added(parts, caller, result.cluster.id, result.remarks);
    }
  },
});

async function added(parts: FaceParts, caller: Call['caller'], id: string, remarks: readonly string[]): Promise<Answer> {
  return withView(parts, caller, id, (view) => created({ cluster: clusterWire(view), remarks }, `/clusters/${id}`));
}

const getCluster = operation({
  id: 'getCluster',
  tag: 'clusters',
  method: 'GET',
  path: '/clusters/:clusterId',
  summary: 'One cluster, from what is stored',
  params: clusterParams,
  answers: { 200: { description: 'The cluster.', schema: ref(Cluster) } },
  run: async (parts, { caller, params }) => withView(parts, caller, params.clusterId, (view) => ok(clusterWire(view))),
});

const changeCluster = operation({
  id: 'changeCluster',
  tag: 'clusters',
  method: 'PATCH',
  path: '/clusters/:clusterId',
  summary: 'Change the description, the tags or the flags of a cluster',
  description:
    '`tags` replaces all of them (`clusterlift:simulated` stays as it is), `flags` those of each component that it names.',
  params: clusterParams,
  body: ClusterChange,
  answers: { 200: { description: 'The cluster as it is now.', schema: ref(Cluster) } },
  errors: ['refused'],
  run: async (parts, { caller, params, body }) => {
    const { flags, ...change } = body;
    const cluster = await parts.control.getCluster(caller, params.clusterId);
    if (flags !== undefined && cluster !== undefined && !takesFlags(cluster)) return fail('refused', flagsNotTaken);
    const claimed = body.tags?.[simulatedTag];
    if (cluster !== undefined && claimed !== undefined && claimed !== cluster.tags[simulatedTag])
      return fail('refused', simulatedTagFixed);
    const unheeded = body.tags === undefined ? [] : await parts.control.tagTroubles(caller, params.clusterId, body.tags);
    if (unheeded.length > 0) return fail('refused', unheeded.join(' '));
    const changed = await parts.control.changeCluster(caller, params.clusterId, change);
    if (changed === undefined) return notFound('cluster', params.clusterId);
    if (flags !== undefined) await parts.control.changeSpec(caller, params.clusterId, (spec) => withFlags(spec, flags));
    return withView(parts, caller, params.clusterId, (view) => ok(clusterWire(view)));
  },
});

const flagsNotTaken = 'flags: only members of a Kubernetes cluster that was created here are started with flags of their owner.';

function takesFlags({ spec, origin }: ClusterView['cluster']): boolean {
  return spec.kind === 'kubernetes' && origin === 'created';
}

function withFlags(spec: ClusterSpec, flags: KubernetesSpec['flags']): ClusterSpec | null {
  return spec.kind === 'kubernetes' ? { ...spec, flags: { ...spec.flags, ...flags } } : null;
}

const removeCluster = operation({
  id: 'removeCluster',
  tag: 'clusters',
  method: 'DELETE',
  path: '/clusters/:clusterId',
  summary: 'Remove a cluster',
  description:
    'A registered cluster is only forgotten: nothing of it is stopped or erased. A created one is stopped and erased with its ' +
    'data, after `graceMs` where that is given.',
  params: clusterParams,
  query: Type.Object({ graceMs: Type.Integer({ minimum: 0, maximum: graceMaxMs, default: 0 }) }),
  answers: { 200: { description: 'What is done.', schema: RemovedAnswer } },
  errors: ['upgrade-unfinished'],
  run: async (parts, { caller, params, query }) =>
    withView(parts, caller, params.clusterId, async (view) => {
      const ended = await parts.control.removeCluster(caller, params.clusterId, query.graceMs);
      if (ended === 'not-found') return notFound('cluster', params.clusterId);
      if (ended === 'upgrade-unfinished') return unfinished(view.upgrade?.id ?? null);
      return ok({ removed: true, says: removedSays(view, query.graceMs) });
    }),
});

function removedSays({ cluster }: ClusterView, graceMs: number): string {
  if (cluster.origin === 'registered') return 'It was only forgotten: nothing of it is stopped or erased.';
  if (graceMs === 0) return 'Its nodes are being stopped and erased with their data.';
  return `Its nodes are stopped and erased with their data in ${Math.ceil(graceMs / 1000)} s, unless it is restored before.`;
}

const restoreCluster = operation({
  id: 'restoreCluster',
  tag: 'clusters',
  method: 'POST',
  path: '/clusters/:clusterId/restore',
  summary: 'Call off a removal whose time has not come',
  params: clusterParams,
  answers: { 200: { description: 'The cluster stays.', schema: RestoredAnswer } },
  errors: ['not-now'],
  run: async (parts, { caller, params }) => {
    const ended = await parts.control.cancelRemoval(caller, params.clusterId);
    if (ended === 'not-found') return notFound('cluster', params.clusterId);
    if (ended === 'not-being-removed') return fail('not-now', 'The cluster is not about to be removed, or it is too late.');
    return withView(parts, caller, params.clusterId, (view) => ok({ restored: true, cluster: clusterWire(view) }));
  },
});

/** What a write has changed is read again before it is answered. */
export async function withView(
  { control }: FaceParts,
  caller: Call['caller'],
  clusterId: string,
  answer: (view: ClusterView) => Answer | Promise<Answer>,
): Promise<Answer> {
  const view = await control.clusterView(caller, clusterId);
  return view === undefined ? notFound('cluster', clusterId) : answer(view);
}

export const clusterOperations: readonly Operation[] = [
  listClusters,
  addCluster,
  getCluster,
  changeCluster,
  removeCluster,
  restoreCluster,
];
