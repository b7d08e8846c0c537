import type { ClusterView } from '../../../control/index.ts';
import { type Answer, type Call, type FaceParts, type Json, type Operation, queryValue, queryValues, reply } from '../call.ts';
import { fail, isError } from '../errors.ts';
import { ascending, pageOf } from '../paging.ts';
import { clusterShape, clusterStatus } from '../translate/cluster.ts';
import { awaitedShape, isAwaited } from '../translate/connector.ts';
import { type EksView, eksView, viewOf } from './own-cluster.ts';
import { nodegroupOf } from './updates.ts';

export const describeCluster: Operation = async (parts, call) => {
  const view = await viewOf(parts, call, 'the-cluster');
  if (isError(view)) return view;
  const before = described.get(view);
  if (before !== undefined) return before;
  const answer = reply({ cluster: await shownCluster(parts, call, view) });
  described.set(view, answer);
  return answer;
};

/** A view is another one after every change of what it shows. */
const described = new WeakMap<EksView, Answer>();

/**
 * By name. Registered clusters are under our care like those that were made here: they are listed with them. One that is
 * still awaited is there for who asks for all.
 */
export const listClusters: Operation = async (parts, call) => {
  const include = queryValues(call, 'include').filter((value) => value !== '');
  if (include.some((value) => value !== 'all')) return fail('InvalidParameterException', 'include must be all.');
  const views = await parts.control.clusterViews(call.caller);
  const answers = answersOf(views);
  const asked = JSON.stringify([call.place.region, call.query]);
  const before = answers.get(asked);
  if (before !== undefined) return before;
  const names = views
    .flatMap((view) => eksView(view) ?? [])
    .filter(({ cluster }) => cluster.region === call.place.region && (include.length > 0 || !isAwaited(cluster)))
    .map(({ cluster }) => cluster.name)
    .sort(ascending);
  const request = { maxResults: queryValue(call, 'maxResults'), nextToken: queryValue(call, 'nextToken') };
  const page = pageOf(call, request, { items: names, keyOf: (name) => name, compare: ascending });
  if (isError(page)) return page;
  const answer = reply({ clusters: page.items, nextToken: page.nextToken });
  if (answers.size < answersMax) answers.set(asked, answer);
  return answer;
};

const answersMax = 100;
/** A list of views is another one after every change of one of them. */
const listed = new WeakMap<readonly ClusterView[], Map<string, Answer>>();

function answersOf(views: readonly ClusterView[]): Map<string, Answer> {
  const known = listed.get(views);
  if (known !== undefined) return known;
  const made = new Map<string, Answer>();
  listed.set(views, made);
  return made;
}

export async function shownCluster(parts: FaceParts, call: Call, view: EksView): Promise<Json> {
  if (isAwaited(view.cluster)) return awaitedShape(view.cluster);
  const nodegroup = view.upgrade === null ? null : await nodegroupOf(parts, call, view.upgrade);
  return clusterShape(view, clusterStatus(view, nodegroup === null ? 'the-cluster' : 'a-nodegroup'));
}
