import { absent, type Call, type Handler, type Site } from './answer.ts';
import { flush, getSettings, health, pendingTasks, putSettings, votingExclusions } from './cluster-api.ts';
import { explain } from './explain-api.ts';
import { putIndex, removeIndex, switchIndex } from './indices-api.ts';
import { nodesInfo, nodesStats, root, systemFeatures } from './nodes-api.ts';
import { recoveries } from './recovery-api.ts';
import { rerouteNow } from './reroute-api.ts';
import {
  createSnapshot,
  deleteSnapshot,
  listRepositories,
  listSnapshots,
  putRepository,
  snapshotStatus,
} from './snapshots-api.ts';
import { state } from './state-api.ts';

/** Name by which faults know a call that changes something; null: it is never held. */
type ActName = 'rest.settings' | 'rest.flush' | 'rest.reroute' | null;

interface Route {
  readonly methods: readonly string[];
  /** `:` stands for any one word, `?` after a word for none or one. */
  readonly path: string;
  readonly handler: Handler;
  readonly act: ActName;
}

const get = (path: string, handler: Handler): Route => ({ methods: ['GET', 'HEAD'], path, handler, act: null });
const change = (methods: readonly string[], path: string, handler: Handler, act: ActName = null): Route => ({
  methods,
  path,
  handler,
  act,
});

/** The first that fits answers. */
const routes: readonly Route[] = [
  get('', root),
  get('_cluster/health/:?', health),
  get('_cluster/state/:?/:?', state),
  get('_cluster/settings', getSettings),
  change(['PUT'], '_cluster/settings', putSettings, 'rest.settings'),
  change(['GET', 'POST'], '_cluster/allocation/explain', explain),
  change(['POST'], '_cluster/reroute', rerouteNow, 'rest.reroute'),
  get('_cluster/pending_tasks', pendingTasks),
  change(['POST', 'DELETE'], '_cluster/voting_config_exclusions/:?', votingExclusions),
  get('_nodes/stats/:?', nodesStats),
  get('_nodes/:/stats/:?', nodesStats),
  get('_nodes/:?/:?', nodesInfo),
  get('_recovery', recoveries),
  get('_migration/system_features', systemFeatures),
  get('_snapshot/_status', snapshotStatus),
  get('_snapshot/:/:', listSnapshots),
  get('_snapshot', listRepositories),
  change(['PUT', 'POST'], '_snapshot/:/:', createSnapshot),
  change(['DELETE'], '_snapshot/:/:', deleteSnapshot),
  change(['PUT', 'POST'], '_snapshot/:', putRepository),
  change(['GET', 'POST'], '_flush', flush, 'rest.flush'),
  change(['GET', 'POST'], '_flush/synced', flush, 'rest.flush'),
  change(['GET', 'POST'], ':/_flush', flush, 'rest.flush'),
  change(['GET', 'POST'], ':/_flush/synced', flush, 'rest.flush'),
  change(['POST'], ':/_close', switchIndex),
  change(['POST'], ':/_open', switchIndex),
  change(['PUT'], ':', putIndex),
  change(['DELETE'], ':', removeIndex),
];

/** Who answers the call, and the name under which it can be held. */
export function routeOf(call: Call, site: Site): { readonly handler: Handler; readonly act: ActName } {
  const route = routes.find((candidate) => candidate.methods.includes(call.method) && fits(candidate.path, call.path));
  return route ?? { handler: () => absent(call, site.node.release.version), act: null };
}

function fits(pattern: string, path: readonly string[]): boolean {
  const words = pattern === '' ? [] : pattern.split('/');
  const least = words.filter((word) => !word.endsWith('?')).length;
  if (path.length < least || path.length > words.length) return false;
  return path.every((part, position) => {
    const word = words[position]?.replace('?', '');
    return word === part || (word === ':' && (position > 0 || !part.startsWith('_')));
  });
}
