/**
 * The REST API of simulated nodes: what one node answers to one call.
 * It does not know: ports, who asks, what the answers are used for.
 */
import type { Gate } from '../../hold.ts';
import type { Incoming } from '../../http.ts';
import { type Answer, type Call, noMaster, type Site } from './answer.ts';
import { filterPath } from './filter-path.ts';
import { routeOf } from './routes.ts';

export type { Site } from './answer.ts';

/** Answers one call to the node of the site. */
export async function answerRest(incoming: Incoming, site: Site, gate: Gate): Promise<Answer & { sent?: () => Promise<void> }> {
  const call = callOf(incoming);
  if (call === null) return { status: 400, body: { error: 'the request body is not JSON', status: 400 } };
  if (site.world.isolated.has(site.node.name)) return answerAlone(call, site);
  const { handler, act } = routeOf(call, site);
  const perform = async () => filtered(call, await handler(call, site));
  if (act === null) return perform();
  return gate.pass({ what: act, cluster: site.cluster.name, member: null, detail: incoming.body }, perform);
}

/** A node that reaches no other tells of itself; for everything else it needs a master. */
async function answerAlone(call: Call, site: Site): Promise<Answer> {
  if (call.path.length > 0 && call.path[0] !== '_nodes') return noMaster();
  const members = new Map([[site.node.nodeId, site.node.pid]]);
  const alone = { ...site, cluster: { ...site.cluster, members, masterNodeId: null } };
  return filtered(call, await routeOf(call, alone).handler(call, alone));
}

function filtered(call: Call, answer: Answer): Answer {
  const patterns = call.query.filter_path;
  return patterns === undefined || typeof answer.body === 'string'
    ? answer
    : { ...answer, body: filterPath(answer.body, patterns) };
}

function callOf({ method, url, body }: Incoming): Call | null {
  const path = url.pathname
    .split('/')
    .filter((word) => word !== '')
    .map(decodeURIComponent);
  const call = { method, path, query: Object.fromEntries(url.searchParams), text: body };
  if (body.trim() === '') return { ...call, body: undefined };
  try {
    return { ...call, body: JSON.parse(body) };
  } catch {
    return null;
  }
}
