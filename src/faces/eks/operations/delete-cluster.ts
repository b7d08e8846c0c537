import { type Operation, reply } from '../call.ts';
import { fail, isError } from '../errors.ts';
import { shownCluster } from './clusters.ts';
import { inProgress } from './in-progress.ts';
import { noCluster, viewByName, viewOf } from './own-cluster.ts';

/** One that was made here is stopped and erased; a registered one is only forgotten. */
export const deleteCluster: Operation = async (parts, call) => {
  const view = await viewOf(parts, call, 'the-cluster');
  if (isError(view)) return view;
  const { cluster } = view;
  const about = { clusterName: cluster.name };
  if (view.status === 'deleting') return reply({ cluster: await shownCluster(parts, call, view) });
  if (cluster.spec.face.deletionProtection === true)
    return fail(
      'InvalidRequestException',
      'Cluster has deletion protection enabled. Disable it before you delete the cluster.',
      about,
    );
  const nodegroups = cluster.spec.nodegroups.map(({ name }) => name);
  if (cluster.origin === 'created' && nodegroups.length > 0)
    return fail('ResourceInUseException', 'Cluster has nodegroups attached', { ...about, nodegroupName: nodegroups.join(',') });
  const ended = await parts.control.removeCluster(call.caller, cluster.id, 0);
  if (ended === 'not-found') return noCluster(cluster.name, 'the-cluster');
  if (ended === 'upgrade-unfinished')
    return inProgress('Delete', cluster.name, (await viewByName(parts, call, cluster.name))?.upgrade ?? null);
  const shown = await shownCluster(parts, call, { ...view, status: 'deleting' });
  return reply({ cluster: shown });
};
